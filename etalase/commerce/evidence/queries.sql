-- insert_case --
-- A new disagreement.
INSERT INTO cases (shop_id, id, order_id, buyer_id, kind, state, opened_at)
VALUES (%(shop_id)s, %(id)s, %(order_id)s, %(buyer_id)s, %(kind)s, 'open', %(at)s);

-- close_case --
-- Compare and set: the disagreement is over.
UPDATE cases SET state = 'closed', closed_at = %(at)s WHERE shop_id = %(shop_id)s AND id = %(case_id)s AND state = 'open';

-- lock_case --
-- The case, locked until the transaction ends.
SELECT shop_id, id, order_id, buyer_id, kind, state, opened_at, closed_at
FROM cases
WHERE shop_id = %(shop_id)s AND id = %(case_id)s
FOR UPDATE;

-- case_of_shop --
-- The case, if it is this shop's.
SELECT shop_id, id, order_id, buyer_id, kind, state, opened_at, closed_at
FROM cases
WHERE shop_id = %(shop_id)s AND id = %(case_id)s;

-- case_of_buyer --
-- The case of the buyer's own order, if it is that.
SELECT c.shop_id, c.id, c.order_id, c.buyer_id, c.kind, c.state, c.opened_at, c.closed_at
FROM orders o
JOIN cases c ON c.shop_id = o.shop_id AND c.order_id = o.id
WHERE o.buyer_id = %(buyer_id)s AND o.id = %(order_id)s AND c.id = %(case_id)s;

-- cases_of_order --
-- Every disagreement about the order, newest first.
SELECT shop_id, id, order_id, buyer_id, kind, state, opened_at, closed_at
FROM cases
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
ORDER BY id DESC
LIMIT 100;

-- open_cases --
-- How many disagreements about the order are open.
SELECT count(*)::int FROM cases WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND state = 'open';

-- insert_message --
-- Somebody says something.
INSERT INTO case_messages (shop_id, id, case_id, author, author_id, text, at)
VALUES (%(shop_id)s, %(id)s, %(case_id)s, %(author)s, %(author_id)s, %(text)s, %(at)s);

-- insert_files --
-- What belongs to a message.
INSERT INTO case_files (shop_id, id, case_id, message_id, file_key, media_type, sha256, at)
SELECT %(shop_id)s, f.id, %(case_id)s, %(message_id)s, f.file_key, f.media_type, f.sha256, %(at)s
FROM unnest(%(ids)s::bigint[], %(file_keys)s::text[], %(media_types)s::text[], %(sha256s)s::text[])
     AS f (id, file_key, media_type, sha256);

-- messages_of_case --
-- What was said, in order.
SELECT shop_id, id, case_id, author, author_id, text, at
FROM case_messages
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s
ORDER BY id
LIMIT 300;

-- files_of_case --
-- What was shown, in order.
SELECT shop_id, id, case_id, message_id, file_key, media_type, sha256, at
FROM case_files
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s
ORDER BY id
LIMIT 2000;

-- count_messages --
-- How many messages the case holds.
SELECT count(*)::int FROM case_messages WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s;

-- opened_by_shop --
-- Which of these cases begin with words of the shop.
SELECT m.case_id
FROM case_messages m
WHERE m.shop_id = %(shop_id)s AND m.case_id = ANY(%(case_ids)s::bigint[]) AND m.author = 'seller'
  AND NOT EXISTS (SELECT FROM case_messages e WHERE e.shop_id = m.shop_id AND e.case_id = m.case_id AND e.id < m.id)
LIMIT 500;

-- save_answer --
-- Keep words to answer with; what has the same title is replaced.
INSERT INTO saved_answers (shop_id, id, title, words, saved_by, saved_at)
VALUES (%(shop_id)s, %(id)s, %(title)s, %(words)s, %(saved_by)s, %(at)s)
ON CONFLICT (shop_id, title) DO UPDATE SET words = EXCLUDED.words, saved_by = EXCLUDED.saved_by, saved_at = EXCLUDED.saved_at
RETURNING shop_id, id, title, words, saved_at;

-- saved_answers --
-- What a shop keeps to answer with, by title.
SELECT shop_id, id, title, words, saved_at FROM saved_answers WHERE shop_id = %(shop_id)s ORDER BY title LIMIT 100;

-- forget_answer --
-- Take a kept answer away.
DELETE FROM saved_answers WHERE shop_id = %(shop_id)s AND id = %(id)s;
