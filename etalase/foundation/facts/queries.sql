-- record_facts --
-- Write facts, one a position of the arrays.
INSERT INTO facts (shop_id, id, name, subject_kind, subject_id, order_id, buyer_id, actor_kind, actor_id, at, data)
SELECT f.shop_id, f.id, f.name, f.subject_kind, f.subject_id, f.order_id, f.buyer_id,
       %(actor_kind)s::text, %(actor_id)s::bigint, %(at)s::timestamptz, f.data::jsonb
FROM unnest(%(shop_ids)s::bigint[], %(ids)s::bigint[], %(names)s::text[], %(subject_kinds)s::text[], %(subject_ids)s::bigint[],
            %(order_ids)s::bigint[], %(buyer_ids)s::bigint[], %(data)s::text[])
     AS f (shop_id, id, name, subject_kind, subject_id, order_id, buyer_id, data);

