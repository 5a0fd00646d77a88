/*
 * seen FOLLOWER STORE PROCESSES MOVES HEAD HEAD OUT new|back: how soon other processes serve a new
 * head. The heads were copied from the store, and this program moves between them: with `new` each
 * table is one that no process has validated, with `back` all have both. The time begins with the
 * rename and ends, in each process, when a resolve that begins is answered by the new head, as the
 * engine's status has it. Writes the times to OUT as 32-bit numbers of ns, and prints what one
 * process computed for one head, in ms, and which share of all cores others took meanwhile.
 */
#include <string.h>

#include "crew.h"
#include "head.h"
#include "machine.h"

int main(int argc, char **argv) {
  int count = argc == 9 ? (int)strtol(argv[3], NULL, 10) : 0,
      moves = argc == 9 ? (int)strtol(argv[4], NULL, 10) : 0;
  if (count < 1 || count > CREW_MAX || moves < 1) {
    fprintf(stderr, "usage: seen FOLLOWER STORE PROCESSES MOVES HEAD HEAD OUT new|back\n");
    return 2;
  }
  static head heads[2];
  head_read(&heads[0], argv[5]);
  head_read(&heads[1], argv[6]);
  atomic_uint *bell = head_bell(argv[2]);
  char path[4096];
  snprintf(path, sizeof path, "%s.board", argv[7]);
  board *board = crew_board(path, 1);
  if (!board)
    return 3;
  FILE *out = fopen(argv[7], "wb");
  if (!out)
    return 3;
  head_move(&heads[0], argv[2], bell);
  int back = strcmp(argv[8], "back") == 0;
  machine before = machine_now();
  pid_t crew[CREW_MAX];
  crew_start(crew, count, argv[1], argv[2], "1", path);
  int result = !crew_serves(board, count, 0);
  /* So that all have served the second one, too. */
  for (int i = 1; back && i <= 2 && result == 0; i++)
    result = !crew_serves(board, count, head_move(&heads[i % 2], argv[2], bell));
  for (int i = 1; i <= moves && result == 0; i++) {
    if (!back)
      head_renew(&heads[i % 2], argv[2]);
    /* Not in step with any timer of the processes. */
    sleep_ns((uint64_t)(10 + i * 7919 % 50) * 1000000);
    uint64_t moved = head_move(&heads[i % 2], argv[2], bell);
    result = !crew_serves(board, count, moved);
    for (int k = 0; k < count; k++) {
      uint64_t adopted = atomic_load(&board->places[k].adopted_at);
      uint32_t ns = adopted > moved ? (uint32_t)(adopted - moved) : 0;
      result = result || ns == 0;
      fwrite(&ns, sizeof ns, 1, out);
    }
  }
  result = crew_end(board, crew, count) || result;
  machine after = machine_now();
  /* Opening the store is one more. */
  printf("%.2f\t%.2f\n", 1000 * (after.ours_s - before.ours_s) / count / (moves + 1),
         machine_others(before, after));
  unlink(path);
  return fclose(out) ? 3 : result;
}
