-- Outside a transaction
-- The last event that a passkey's token led to: how far its authenticator had counted.
CREATE INDEX CONCURRENTLY IF NOT EXISTS event_by_passkey
    ON greenlight.event (split_part(proof, '.', 1), position)
    WHERE starts_with(proof, 'eyJhbGciOiJ3ZWJhdXRobiIs') AND type <> 'CommandRefused' AND length(command_id) <> 64;
