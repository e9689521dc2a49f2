-- When nothing is pushed to a member's devices or mailed to them. No row: at any time.
CREATE TABLE quiet_times (
    member_id  BIGINT PRIMARY KEY REFERENCES members (actor_id) ON DELETE CASCADE,
    starts     BIGINT NOT NULL,   -- minute of the day
    ends       BIGINT NOT NULL,   -- minute of the day, the next one when it is not later; the same as starts: no hours
    days       BIGINT NOT NULL,   -- whole days: bit 0 is Monday
    zone       TEXT NOT NULL      -- of these clocks (IANA)
);
