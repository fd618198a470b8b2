-- An inbox narrowed to some kinds of notices is read along an index, however many other notices there are.
-- depends: 0009_lists

CREATE INDEX notifications_of_kind ON notifications (account_id, audience, kind, id);
