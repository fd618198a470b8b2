"""Examples of the reference that several calls share."""

from typing import Any, Final

ADDRESS: Final[dict[str, Any]] = {
    "name": "Rina Wijaya",
    "first_name": "Rina Wijaya",
    "last_name": "",
    "phone_number": "+6281234567890",
    "full_address": "Jl. Merdeka 1, Gambir, Kota Jakarta Pusat, DKI Jakarta, 10110, Indonesia",
    "address_detail": "Jl. Merdeka 1",
    "address_line1": "Jl. Merdeka 1",
    "address_line2": "",
    "address_line3": "",
    "address_line4": "",
    "postal_code": "10110",
    "region_code": "ID",
    "district_info": [
        {"address_level": "L0", "address_level_name": "country", "address_name": "Indonesia", "iso_code": "ID"},
        {"address_level": "L1", "address_level_name": "province", "address_name": "DKI Jakarta", "iso_code": ""},
    ],
}
LINE_ITEM: Final[dict[str, Any]] = {
    "id": "576461413038785753",
    "sku_id": "1729382588639839583",
    "product_id": "1729382476852921560",
    "product_name": "Kemeja Batik Parang",
    "sku_name": "Merah, L",
    "sku_image": "https://shop.example/media/3f0a.webp",
    "seller_sku": "KEM-BAT-PAR-MERAH-L",
    "original_price": "150000",
    "sale_price": "150000",
    "seller_discount": "0",
    "platform_discount": "0",
    "currency": "IDR",
    "display_status": "AWAITING_SHIPMENT",
    "package_id": "576461413038785752",
    "package_status": "TO_FULFILL",
    "is_gift": False,
    "is_dangerous_good": False,
    "room_id": "",
}
ORDER: Final[dict[str, Any]] = {
    "id": "576461413038785752",
    "status": "AWAITING_SHIPMENT",
    "order_type": "NORMAL",
    "create_time": 1763900000,
    "update_time": 1763903600,
    "paid_time": 1763900120,
    "user_id": "7494845267308415300",
    "buyer_nickname": "Rina Wijaya",
    "buyer_message": "Tolong dibungkus kado.",
    "seller_note": "",
    "payment": {
        "currency": "IDR",
        "sub_total": "150000",
        "shipping_fee": "12000",
        "seller_discount": "0",
        "platform_discount": "0",
        "total_amount": "162000",
        "original_total_product_price": "150000",
        "original_shipping_fee": "12000",
        "tax": "0",
    },
    "payment_method_name": "GoPay",
    "payment_method_code": "GOPAY",
    "recipient_address": ADDRESS,
    "packages": [{"id": "576461413038785752"}],
    "line_items": [LINE_ITEM],
    "shipping_type": "TIKTOK",
    "delivery_type": "HOME_DELIVERY",
    "delivery_option_id": "512345678901234567",
    "delivery_option_name": "Standard Shipping",
    "fulfillment_type": "FULFILLMENT_BY_SELLER",
    "shipping_provider": "JNE",
    "shipping_provider_id": "412345678901234567",
    "warehouse_id": "7495540735365777507",
    "handling_duration": {"days": "1", "type": "BUSINESS_DAY"},
    "is_cod": False,
    "is_on_hold_order": False,
    "is_sample_order": False,
    "is_replacement_order": False,
    "is_exchange_order": False,
    "is_buyer_request_cancel": False,
    "has_updated_recipient_address": False,
    "rts_sla_time": 1764072000,
    "tts_sla_time": 1764072000,
    "shipping_due_time": 1764244800,
    "cancel_order_sla_time": 1764244800,
}
PRICE_DETAIL: Final[dict[str, Any]] = {
    "currency": "IDR",
    "total": "162000",
    "payment": "162000",
    "sku_list_price": "150000",
    "sku_sale_price": "150000",
    "subtotal": "150000",
    "shipping_list_price": "12000",
    "shipping_sale_price": "12000",
    "line_items": [{"id": "576461413038785753", "currency": "IDR", "sku_sale_price": "150000", "subtotal": "150000"}],
}
PACKAGE: Final[dict[str, Any]] = {
    "id": "576461413038785752",
    "status": "TO_FULFILL",
    "orders": [
        {
            "id": "576461413038785752",
            "skus": [{"id": "1729382588639839583", "name": "Merah, L", "image_url": "", "quantity": 1}],
        }
    ],
    "order_line_item_ids": ["576461413038785753"],
    "shipping_provider_id": "412345678901234567",
    "shipping_provider_name": "JNE",
    "create_time": 1763900000,
    "update_time": 1763903600,
}
PACKAGE_DETAIL: Final[dict[str, Any]] = {
    "package_id": "576461413038785752",
    "package_status": "PROCESSING",
    "package_sub_status": "RTS",
    "split_and_combine_tag": "DEFAULT",
    "orders": PACKAGE["orders"],
    "order_line_item_ids": ["576461413038785753"],
    "has_multi_skus": False,
    "note_tag": "BUYER_NOTED",
    "shipping_type": "TIKTOK",
    "shipping_provider_id": "412345678901234567",
    "shipping_provider_name": "JNE",
    "delivery_option_id": "512345678901234567",
    "delivery_option_name": "Standard Shipping",
    "tracking_number": "011540032186220",
    "handover_method": "PICKUP",
    "pickup_slot": {"start_time": 1763949600, "end_time": 1763960400},
    "recipient_address": ADDRESS,
    "weight": {"value": "300", "unit": "GRAM"},
    "insurance": {"is_purchased": False},
    "warehouse_id": "7495540735365777507",
    "create_time": 1763900000,
    "update_time": 1763903600,
}
PRODUCT_BODY: Final[dict[str, Any]] = {
    "title": "Kemeja Batik Parang",
    "description": "<p>Katun, ditulis tangan.</p>",
    "category_id": "600012",
    "main_images": [{"uri": "3f0a.webp"}],
    "package_weight": {"value": "0.3", "unit": "KILOGRAM"},
    "skus": [
        {
            "seller_sku": "KEM-BAT-PAR-MERAH-L",
            "price": {"amount": "150000", "currency": "IDR"},
            "inventory": [{"warehouse_id": "7495540735365777507", "quantity": 20}],
            "sales_attributes": [{"name": "Warna", "value_name": "Merah"}, {"name": "Ukuran", "value_name": "L"}],
        }
    ],
    "save_mode": "LISTING",
}
SKU: Final[dict[str, Any]] = {
    "id": "1729382588639839583",
    "seller_sku": "KEM-BAT-PAR-MERAH-L",
    "price": {"currency": "IDR", "tax_exclusive_price": "150000", "sale_price": "150000"},
    "inventory": [{"warehouse_id": "7495540735365777507", "quantity": 20}],
    "status_info": {"status": "NORMAL"},
}
PRODUCT: Final[dict[str, Any]] = {
    "id": "1729382476852921560",
    "title": "Kemeja Batik Parang",
    "description": "<p>Katun, ditulis tangan.</p>",
    "status": "ACTIVATE",
    "product_status": "ACTIVATE",
    "audit": {"status": "APPROVED"},
    "category_chains": [{"id": "600012", "parent_id": "600001", "local_name": "Batik", "is_leaf": True}],
    "main_images": [
        {
            "uri": "3f0a.webp",
            "urls": ["https://shop.example/media/3f0a-960.webp"],
            "thumb_urls": ["https://shop.example/media/3f0a-200.webp"],
            "width": 800,
            "height": 800,
        }
    ],
    "skus": [SKU],
    "package_weight": {"value": "0.3", "unit": "KILOGRAM"},
    "is_cod_allowed": True,
    "is_not_for_sale": False,
    "has_draft": False,
    "create_time": 1763900000,
    "update_time": 1763903600,
}
PRODUCT_FOUND: Final[dict[str, Any]] = {
    "id": "1729382476852921560",
    "title": "Kemeja Batik Parang",
    "status": "ACTIVATE",
    "audit": {"status": "APPROVED"},
    "skus": [SKU],
    "sales_regions": ["ID"],
    "create_time": 1763900000,
    "update_time": 1763903600,
}
PRODUCT_FAILURE: Final[dict[str, Any]] = {
    "code": 21008111,
    "message": "it is no product of this shop",
    "detail": {"product_id": "1729382476852921560"},
}
INVENTORY: Final[dict[str, Any]] = {
    "product_id": "1729382476852921560",
    "skus": [
        {
            "id": "1729382588639839583",
            "seller_sku": "KEM-BAT-PAR-MERAH-L",
            "total_available_quantity": 20,
            "total_committed_quantity": 2,
            "warehouse_inventory": [
                {"warehouse_id": "7495540735365777507", "available_quantity": 20, "committed_quantity": 2}
            ],
        }
    ],
}
REFUND_AMOUNT: Final[dict[str, Any]] = {
    "currency": "IDR",
    "refund_total": "162000",
    "refund_subtotal": "150000",
    "refund_shipping_fee": "12000",
    "refund_tax": "0",
}
CANCELLATION: Final[dict[str, Any]] = {
    "cancel_id": "576461413038785780",
    "order_id": "576461413038785752",
    "cancel_type": "BUYER_CANCEL",
    "cancel_status": "CANCELLATION_REQUEST_PENDING",
    "role": "BUYER",
    "cancel_reason": "ecom_order_to_ship_canceled_reason_no_longer_needed",
    "cancel_reason_text": "Saya berubah pikiran",
    "refund_amount": REFUND_AMOUNT,
    "cancel_line_items": [
        {
            "cancel_line_item_id": "612345678901234567",
            "order_line_item_id": "576461413038785753",
            "sku_id": "1729382588639839583",
        }
    ],
    "seller_next_action_response": [{"action": "SELLER_RESPOND_BUYER_CANCEL", "deadline": 1764072000}],
    "should_replenish_stock": True,
    "create_time": 1763900000,
    "update_time": 1763900000,
}
ELIGIBILITY: Final[dict[str, Any]] = {
    "sku_id": "1729382588639839583",
    "line_item_eligibility": [
        {
            "request_type": "CANCEL",
            "eligible": True,
            "order_line_items_ids": ["576461413038785753"],
            "available_reason_names": ["seller_cancel_reason_out_of_stock"],
        }
    ],
}
STATEMENT: Final[dict[str, Any]] = {
    "id": "576461413038786000",
    "statement_time": 1764504000,
    "currency": "IDR",
    "revenue_amount": "1620000",
    "net_sales_amount": "1620000",
    "fee_amount": "-97200",
    "shipping_cost_amount": "-120000",
    "adjustment_amount": "0",
    "settlement_amount": "1402800",
    "payment_status": "PAID",
}
STATEMENT_TRANSACTIONS: Final[dict[str, Any]] = {
    "id": "576461413038786000",
    "create_time": 1764504000,
    "status": "SETTLED",
    "currency": "IDR",
    "payable_amount": "140280",
    "total_settlement_amount": "140280",
    "total_count": 1,
    "transactions": [
        {
            "id": "576461413038786001",
            "type": "ORDER",
            "order_id": "576461413038785752",
            "revenue_amount": "162000",
            "fee_tax_amount": "-9720",
            "shipping_cost_amount": "-12000",
            "settlement_amount": "140280",
        }
    ],
    "next_page_token": "",
}
ORDER_TRANSACTIONS: Final[dict[str, Any]] = {
    "order_id": "576461413038785752",
    "order_create_time": 1763900000,
    "currency": "IDR",
    "revenue_amount": "162000",
    "fee_and_tax_amount": "-9720",
    "shipping_cost_amount": "-12000",
    "settlement_amount": "140280",
    "sku_transactions": [
        {
            "sku_id": "1729382588639839583",
            "sku_name": "Merah, L",
            "quantity": "1",
            "revenue_amount": "150000",
            "fee_tax_amount": "-9000",
            "fee_tax_breakdown": {"fee": {"platform_commission_amount": "-9000"}},
            "commission_rate": "0.0600",
            "commission_reason": "The rate of the category Batik · commission.rate v4",
        }
    ],
}
UNSETTLED: Final[dict[str, Any]] = {
    "id": "576461413038785752",
    "type": "ORDER",
    "status": "UNSETTLED",
    "currency": "IDR",
    "order_id": "576461413038785752",
    "order_create_time": 1763900000,
    "est_revenue_amount": "162000",
    "est_settlement_amount": "162000",
    "unsettled_reason": "RETURN_WINDOW",
}
RETURN: Final[dict[str, Any]] = {
    "return_id": "576461413038787000",
    "order_id": "576461413038785752",
    "return_type": "REFUND",
    "return_status": "RETURN_OR_REFUND_REQUEST_PENDING",
    "role": "BUYER",
    "return_reason": "damaged",
    "return_reason_text": "Barang rusak saat tiba",
    "shipment_type": "BUYER_ARRANGE",
    "return_tracking_number": "",
    "refund_amount": REFUND_AMOUNT,
    "return_line_items": [{"return_line_item_id": "612345678901234568", "order_line_item_id": "576461413038785753"}],
    "seller_next_action_response": [{"action": "SELLER_RESPOND_RETURN", "deadline": 1764072000}],
    "create_time": 1763900000,
    "update_time": 1763900000,
}
PAYMENT: Final[dict[str, Any]] = {
    "id": "576461413038786100",
    "create_time": 1764590400,
    "status": "PAID",
    "amount": {"value": "1250000", "currency": "IDR"},
    "settlement_amount": {"value": "1250000", "currency": "IDR"},
    "paid_time": 1764676800,
    "bank_account": "••••••7890",
}
WITHDRAWAL: Final[dict[str, Any]] = {
    "id": "576461413038786100",
    "type": "WITHDRAW",
    "amount": "1250000",
    "currency": "IDR",
    "status": "SUCCESS",
    "create_time": 1764590400,
}
