-- progress --
-- How far the shop's words are gathered, and between which positions the orders of a range of ids lie, a page more or less.
SELECT p.positions, p.last_id,
       (SELECT page FROM search_pages WHERE shop_id = %(shop_id)s AND first_id <= %(from_id)s ORDER BY first_id DESC LIMIT 1) AS from_page,
       (SELECT page FROM search_pages WHERE shop_id = %(shop_id)s AND first_id < %(before)s ORDER BY first_id DESC LIMIT 1) AS until_page
FROM search_progress p
WHERE p.shop_id = %(shop_id)s;

-- found_among_new --
-- Which of the shop's orders that are not gathered yet have all the words, newest first; the last one looked at comes too.
SELECT id, fits
FROM (
    SELECT new.id, row_number() OVER (ORDER BY new.id DESC) AS place,
           (new.state = ANY(%(states)s::text[]) AND (%(is_cod)s::boolean IS NULL OR new.is_cod = %(is_cod)s)
            AND (%(carrier)s::text IS NULL OR new.carrier = %(carrier)s)
            AND new.search @@ to_tsquery('simple', %(words)s)) AS fits
    FROM (SELECT id, state, is_cod, carrier, search FROM orders
          WHERE shop_id = %(shop_id)s AND id > %(after)s AND id < %(before)s
          ORDER BY id DESC LIMIT %(window)s) new
) looked_at
WHERE fits OR place = %(window)s
ORDER BY id DESC
LIMIT %(limit)s;

-- positions_along_states --
-- The shop's newest orders in the states with their positions, newest first; read from indexes and pages, not from the orders.
SELECT recent.id, at.page * 128 + array_position(at.order_ids, recent.id) - 1 AS position
FROM (
    SELECT along.id
    FROM unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT id FROM orders
        WHERE shop_id = %(shop_id)s AND (state, id) < (wanted.state, %(before)s::bigint)
          AND (state, id) >= (wanted.state, %(from_id)s::bigint)
        ORDER BY state DESC, id DESC LIMIT %(window)s
    ) along
    ORDER BY along.id DESC LIMIT %(window)s
) recent
LEFT JOIN LATERAL (
    SELECT page, order_ids FROM search_pages
    WHERE shop_id = %(shop_id)s AND first_id <= recent.id
    ORDER BY first_id DESC LIMIT 1
) at ON true
ORDER BY recent.id DESC
LIMIT %(window)s;

-- words_of_blocks --
-- The words as the search has them, each with the blocks in which orders have it, up to a position.
SELECT asked.word, found.first_position, found.size, found.positions
FROM (
    SELECT DISTINCT left(lexeme, %(prefix_max)s) COLLATE "C" AS word
    FROM unnest(tsvector_to_array(to_tsvector('simple', %(text)s))) AS lexeme
    UNION ALL
    SELECT mark FROM unnest(%(marks)s::text[]) AS mark
) asked
LEFT JOIN LATERAL (
    SELECT first_position, size, positions FROM search_words
    WHERE shop_id = %(shop_id)s AND word = asked.word AND first_position < %(until_position)s
    ORDER BY first_position DESC LIMIT 10000
) found ON true;

-- orders_at --
-- Which orders have these positions, and whether each is in one of the states (looked up in the index of states alone, one by
-- one: an EXISTS might be answered from a hash of all orders).
SELECT at.id, standing.id IS NOT NULL AS fits
FROM unnest(%(positions)s::int[]) AS asked (position)
CROSS JOIN LATERAL (
    SELECT order_ids[asked.position %% 128 + 1] AS id FROM search_pages
    WHERE shop_id = %(shop_id)s AND page = asked.position / 128 LIMIT 1
) at
LEFT JOIN LATERAL (
    SELECT found.id
    FROM unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT id FROM orders
        WHERE shop_id = %(shop_id)s AND (state, id) >= (wanted.state, at.id) AND (state, id) <= (wanted.state, at.id)
          AND at.id < %(before)s AND at.id >= %(from_id)s
        ORDER BY state, id LIMIT 1
    ) found
    LIMIT 1
) standing ON true;

-- numbers_found --
-- The shop's newest orders whose number, or another word of theirs alone, begins like one of these.
SELECT found.id
FROM (
    (SELECT own.id
     FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS range (low, high)
     CROSS JOIN LATERAL (
         SELECT id FROM orders
         WHERE shop_id = %(shop_id)s AND id >= greatest(range.low, %(from_id)s) AND id < least(range.high, %(before)s)
         ORDER BY id DESC LIMIT %(limit)s
     ) own)
    UNION
    (SELECT other.order_id
     FROM unnest(%(beginnings)s::text[]) AS asked (beginning)
     CROSS JOIN LATERAL (
         SELECT order_id FROM search_numbers
         WHERE shop_id = %(shop_id)s AND word >= lower(asked.beginning) AND word < lower(asked.beginning) || chr(1114111)
           AND order_id < %(before)s AND order_id >= %(from_id)s
         LIMIT %(window)s
     ) other)
) found
ORDER BY found.id DESC
LIMIT %(limit)s;

-- orders_that_fit --
-- Those of the shop's orders that are in one of the states, narrowed, and have all the words; newest first.
SELECT o.id
FROM unnest(%(order_ids)s::bigint[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT id FROM orders
    WHERE shop_id = %(shop_id)s AND id = asked.id AND state = ANY(%(states)s::text[])
      AND (%(is_cod)s::boolean IS NULL OR is_cod = %(is_cod)s)
      AND (%(carrier)s::text IS NULL OR carrier = %(carrier)s)
      AND search @@ to_tsquery('simple', %(words)s)
    LIMIT 1
) o
ORDER BY o.id DESC;

-- shops_behind --
-- Shops in which so many orders or more wait to be gathered.
SELECT s.shop_id
FROM shops s
LEFT JOIN search_progress p ON p.shop_id = s.shop_id
WHERE s.shop_id > %(after_shop_id)s
  AND EXISTS (SELECT FROM orders o
              WHERE o.shop_id = s.shop_id AND o.id > COALESCE(p.last_id, 0) AND o.id < %(until_id)s
              OFFSET %(size)s - 1 LIMIT 1)
ORDER BY s.shop_id
LIMIT %(limit)s;

-- begin_progress --
-- A shop of which nothing is gathered yet.
INSERT INTO search_progress (shop_id) VALUES (%(shop_id)s) ON CONFLICT (shop_id) DO NOTHING;

-- lock_progress --
-- How far the shop's words are gathered; nothing if somebody else gathers them at the moment.
SELECT positions, last_id FROM search_progress WHERE shop_id = %(shop_id)s FOR UPDATE SKIP LOCKED;

-- oldest_writing_ms --
-- For how long the oldest transaction has been writing, in milliseconds.
SELECT COALESCE(max(extract(epoch FROM statement_timestamp() - xact_start)), 0)::float8 * 1000 AS ms
FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND datname = current_database();

-- count_waiting --
-- How many orders wait to be gathered, read no further than asked.
SELECT count(*) FROM (SELECT FROM orders WHERE shop_id = %(shop_id)s AND id > %(after)s AND id < %(until_id)s
                      ORDER BY id LIMIT %(limit)s) AS waiting;

-- id_before --
-- The last order before a position.
SELECT last_id FROM search_pages WHERE shop_id = %(shop_id)s AND page = %(page)s - 1;

-- orders_to_gather --
-- The next orders with their words, oldest first.
SELECT id, is_cod, carrier, array_to_string(tsvector_to_array(search), ' ') AS text
FROM orders
WHERE shop_id = %(shop_id)s AND id > %(after)s AND id < %(until_id)s
ORDER BY id
LIMIT %(limit)s;

-- forget_words --
-- Take away what is gathered from a position on.
DELETE FROM search_words WHERE shop_id = %(shop_id)s AND first_position >= %(position)s;

-- forget_pages --
-- Take away which orders have the positions from one on.
DELETE FROM search_pages WHERE shop_id = %(shop_id)s AND page >= %(position)s / 128;

-- keep_words --
-- Write the words of a block.
INSERT INTO search_words (shop_id, word, first_position, size, positions)
SELECT %(shop_id)s, word, %(first_position)s, %(size)s, positions
FROM unnest(%(words)s::text[], %(positions)s::bytea[]) AS block (word, positions);

-- keep_page --
-- Write which orders have the next positions.
INSERT INTO search_pages (shop_id, page, first_id, last_id, order_ids)
VALUES (%(shop_id)s, %(page)s, %(first_id)s, %(last_id)s, %(order_ids)s);

-- keep_numbers --
-- Write words that belong to an order or two.
INSERT INTO search_numbers (shop_id, word, order_id)
SELECT %(shop_id)s, word, order_id FROM unnest(%(words)s::text[], %(order_ids)s::bigint[]) AS own (word, order_id)
ORDER BY word, order_id
ON CONFLICT DO NOTHING;

-- advance --
-- The shop's words are gathered up to here.
UPDATE search_progress SET positions = %(positions)s, last_id = %(last_id)s WHERE shop_id = %(shop_id)s;

-- page_with_strays --
-- The first page between whose ends more or fewer orders lie than are gathered: orders that were committed late.
SELECT pages.page
FROM (SELECT page, last_id, cardinality(order_ids) AS gathered, lag(last_id, 1, 0::bigint) OVER (ORDER BY page) AS after_id
      FROM search_pages WHERE shop_id = %(shop_id)s AND page >= %(from_page)s - 1) pages
WHERE pages.page >= %(from_page)s
  AND pages.gathered <> (SELECT count(*) FROM orders
                         WHERE shop_id = %(shop_id)s AND id > pages.after_id AND id <= pages.last_id)
ORDER BY pages.page
LIMIT 1;

-- shops_gathered --
-- Shops of which something is gathered.
SELECT shop_id FROM search_progress WHERE shop_id > %(after_shop_id)s AND positions > 0 ORDER BY shop_id LIMIT %(limit)s;
