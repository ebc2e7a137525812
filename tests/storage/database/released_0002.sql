INSERT INTO disputes VALUES ('t', 'D-1', 'folder', 'NEGOTIATION', 'OPEN', '2026-03-09T12:00:00.000001+00:00', '{"id":"D-1"}');
INSERT INTO disputes VALUES ('t', 'D-2', NULL, NULL, NULL, NULL, 'naïve');
INSERT INTO evidence VALUES ('t', 'E-1', 'D-1', 'a.jpg', 'aa', false, true, NULL, '2026-03-09T12:00:00.000001+00:00', '2026-03-09T12:00:00.000001+00:00', '{}');
INSERT INTO files VALUES ('t', 'aa', 1099511627776);
INSERT INTO examinations VALUES ('t', 'aa', 'm1', 'full', 'damaged limited', '{}', '[]');
INSERT INTO features VALUES ('t', 'aa', 'pixels-sha256', 'm1', 'bb', NULL);
INSERT INTO fingerprints VALUES ('t', 'phash256', '1', 9223372036854775807, 'aa', NULL, 'blank');
INSERT INTO fingerprint_bands VALUES (1048575, 't', 'phash256', '1', 9223372036854775807);
INSERT INTO matches VALUES ('t', 'E-1', 'E-2', 'phash256', 4, 3, 'phash256', '1');
INSERT INTO evidence_reports VALUES ('t', 'E-1', 'm1', 'pp', 'USABLE', '{}');
INSERT INTO dispute_reports VALUES ('t', 'D-1', 1, 'cc', 'pp', '2026-03-09T12:00:00.000001+00:00', '{}');
INSERT INTO audit VALUES ('t', 'D-1', 1, '2026-03-09T12:00:00.000001+00:00', 'report_attached', '{}', 'previous', 'hash');
INSERT INTO attempts VALUES ('t', 'up-1', 'p1', 1, '2026-03-09T12:00:00.000001+00:00', NULL, NULL, NULL);
INSERT INTO attempts VALUES ('t', 'up-1', 'p1', 2, '2026-03-09T12:00:00.000001+00:00', '2026-03-09T12:00:00.000001+00:00', 'crashed', 'signal 9');
INSERT INTO outbox VALUES ('t', 'o-1', 'key-unsent', 'kind', 'body', '2026-03-09T12:00:00.000001+00:00', NULL, 3, '1970-01-01T00:00:00.000000+00:00');
INSERT INTO outbox VALUES ('t', 'o-2', 'key-sent', 'kind', 'body', '2026-03-09T12:00:00.000001+00:00', '2026-03-09T12:00:00.000001+00:00', 1, '2026-03-09T12:00:00.000001+00:00');
INSERT INTO uploads VALUES ('t', 'up-1', 'p1', 'bucket', 'key', 'v1', 'D-1', '0055', '2026-03-09T12:00:00.000001+00:00', '2026-03-09T12:00:00.000001+00:00', 'open', 2, 1, 0, 'm-1', 'token', '2026-03-09T12:00:00.000001+00:00', NULL, NULL);
INSERT INTO object_versions VALUES ('t', 'ob-1', 'E-1', '0055', '2026-03-09T12:00:00.000001+00:00');
INSERT INTO due_disputes VALUES ('t', 'D-1', 9223372036854775807, '2026-03-09T12:00:00.000001+00:00')
