// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Time formatting and arithmetic.
package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.Date(2026, time.February, 3, 14, 5, 6, 789000000, time.UTC)
	for _, layout := range []string{time.RFC3339Nano, time.RFC1123Z, time.Kitchen, time.ANSIC, "2006-01-02 15:04:05.000", "Mon Jan _2 3:04PM MST 06", time.DateOnly} {
		fmt.Println(t.Format(layout))
	}
	zone := time.FixedZone("XYZ", -5*3600-1800)
	fmt.Println(t.In(zone), t.Weekday(), t.YearDay(), t.Unix(), t.UnixMilli())
	y, w := t.ISOWeek()
	fmt.Println(y, w, t.AddDate(0, 1, 28).Format(time.DateOnly), t.Add(36*time.Hour).Format(time.RFC822))
	for _, s := range []string{"2024-02-29T23:59:59Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "nonsense"} {
		p, err := time.Parse(time.RFC3339, s)
		fmt.Println(p, err)
	}
	p, err := time.Parse("Jan 2, 2006 at 3:04pm (MST)", "Feb 3, 2013 at 7:54pm (PST)")
	fmt.Println(p, err)
	d, err := time.ParseDuration("1h15m30.918273645s")
	fmt.Println(d, err, d.Round(time.Millisecond), d.Truncate(time.Minute), d.Hours())
	a := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	fmt.Println(t.Sub(a), t.After(a), a.Before(t), a.Equal(a.In(zone)), t.Truncate(time.Hour).Format(time.TimeOnly))
	fmt.Println(time.Duration(0), 1500*time.Microsecond, time.Month(13), time.Saturday, time.Time{}.IsZero())
	b, _ := t.MarshalText()
	var u time.Time
	fmt.Println(string(b), u.UnmarshalText(b), u.Equal(t))
}
