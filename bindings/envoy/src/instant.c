/* SPDX-License-Identifier: Apache-2.0 */
#include "instant.h"

struct digits {
  const char *next, *end;
};

static bool skip(struct digits *digits, char one, char other) {
  if (digits->next == digits->end || (*digits->next != one && *digits->next != other))
    return false;
  digits->next++;
  return true;
}

static int digit(struct digits *digits) {
  if (digits->next == digits->end || *digits->next < '0' || *digits->next > '9')
    return -1;
  return *digits->next++ - '0';
}

static bool number(struct digits *digits, int count, int64_t *value) {
  *value = 0;
  for (int i = 0; i < count; i++) {
    int next = digit(digits);
    if (next < 0)
      return false;
    *value = *value * 10 + next;
  }
  return true;
}

/* In nanoseconds. */
static bool fraction(struct digits *digits, int64_t *value) {
  int next = digit(digits);
  if (next < 0)
    return false;
  int64_t unit = 100000000;
  for (*value = 0; next >= 0; next = digit(digits)) {
    *value += next * unit;
    unit /= 10;
  }
  return true;
}

/* `Z` or `+hh:mm`, in seconds. */
static bool offset(struct digits *digits, int64_t *seconds) {
  *seconds = 0;
  if (skip(digits, 'Z', 'z'))
    return true;
  int64_t sign = 1;
  if (!skip(digits, '+', '+')) {
    if (!skip(digits, '-', '-'))
      return false;
    sign = -1;
  }
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!number(digits, 2, &hours) || !skip(digits, ':', ':') || !number(digits, 2, &minutes) ||
      hours > 23 || minutes > 59)
    return false;
  *seconds = sign * (hours * 3600 + minutes * 60);
  return true;
}

static int64_t days_in(int64_t month, int64_t year) {
  static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && is_leap);
}

/* Days since 1970-01-01 in the Gregorian calendar, by years that begin in March (Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms"). */
static int64_t day_number(int64_t year, int64_t month, int64_t day) {
  int64_t shifted = month <= 2 ? year - 1 : year;
  int64_t era = shifted / 400;
  int64_t year_of_era = shifted - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

bool instant_read(const char *text, size_t size, int64_t *nanoseconds) {
  struct digits digits = {text, text + size};
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  if (!number(&digits, 4, &year) || !skip(&digits, '-', '-') || !number(&digits, 2, &month) ||
      !skip(&digits, '-', '-') || !number(&digits, 2, &day) || !skip(&digits, 'T', 't') ||
      !number(&digits, 2, &hour) || !skip(&digits, ':', ':') || !number(&digits, 2, &minute) ||
      !skip(&digits, ':', ':') || !number(&digits, 2, &second))
    return false;
  if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 ||
      day > days_in(month, year) || hour > 23 || minute > 59 || second > 59)
    return false;
  int64_t nanosecond = 0;
  int64_t ahead = 0;
  if ((skip(&digits, '.', '.') && !fraction(&digits, &nanosecond)) || !offset(&digits, &ahead) ||
      digits.next != digits.end)
    return false;
  int64_t seconds =
      day_number(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - ahead;
  *nanoseconds = seconds * 1000000000 + nanosecond;
  return true;
}
