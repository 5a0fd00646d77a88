#include "CThread.h"
_Thread_local void *turnout_thread_line = 0;
