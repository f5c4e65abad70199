CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.??????Z'),
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    session TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    question TEXT,
    data TEXT NOT NULL CHECK (json_valid(data)),
    machine TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX IF NOT EXISTS event_by_kind ON event (kind);

CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'events are only ever appended');
END;

CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'events are only ever appended');
END;

-- INSERT OR REPLACE removes the older row without waking the trigger above.
CREATE TRIGGER IF NOT EXISTS event_is_never_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR uid = NEW.uid)
BEGIN
    SELECT RAISE(ABORT, 'events are only ever appended');
END;
