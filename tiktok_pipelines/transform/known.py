"""What the documentation says an order may hold: all else is noted as drift.

Source: docs/tiktok-shop-api.md, "Orders" (search 202309 and detail 202507).
"""

from collections.abc import Mapping

KNOWN_ORDER_FIELDS = frozenset(
    """
    authentication_required auto_combine_group_id cancel_order_sla_time cancel_reason
    cancel_time cancellation_initiator channel_entity_national_registry_id
    collection_due_time collection_time commerce_platform consultation_id create_time
    delivery_due_time delivery_option_id delivery_option_name
    delivery_option_required_delivery_time delivery_sla_time delivery_time
    delivery_type exchange_source_order_id fast_collection_sla_time
    fast_delivery_program fast_dispatch_sla_time fast_rts_sla_time
    fulfillment_priority_level fulfillment_type handling_duration
    has_updated_recipient_address id instore_pickup_sla_time is_buyer_request_cancel
    is_cod is_exchange_order is_on_hold_order is_refundable_sample
    is_replacement_order is_sample_order is_subscription_order line_items
    need_upload_invoice order_rights order_type packages paid_time payment
    payment_auth_code payment_card_type payment_method_code payment_method_name
    pick_up_cut_off_time recommended_shipping_time release_date replaced_order_id
    request_cancel_time rts_sla_time rts_time seller_note shipping_due_time
    shipping_provider shipping_provider_id shipping_type split_or_combine_tag status
    tracking_number tts_sla_time update_time user_id warehouse_id
    """.split()
)
"""Fields of an order, less buyer data."""

KNOWN_PAYMENT_FIELDS = frozenset(
    """
    buyer_service_fee currency distance_fee distance_shipping_fee handling_fee
    item_insurance_fee item_insurance_tax original_shipping_fee
    original_total_product_price payment_discount_service_fee
    payment_platform_discount platform_discount product_tax retail_delivery_fee
    seller_discount shipping_fee shipping_fee_cofunded_discount
    shipping_fee_platform_discount shipping_fee_seller_discount shipping_fee_tax
    shipping_insurance_fee small_order_fee sub_total tax total_amount
    """.split()
)
"""Fields of ``payment``."""

KNOWN_LINE_FIELDS = frozenset(
    """
    buyer_service_fee cancel_reason cancel_user combined_listing_skus currency
    display_status distance_fee distance_shipping_fee gift_retail_price
    handling_duration_days id is_dangerous_good is_gift is_pod_customized
    is_unboxing_item item_tax needs_prescription original_price package_id
    package_status pfand_fee platform_discount pod_info_id product_id
    product_listing_type product_name retail_delivery_fee room_id rts_time sale_price
    seller_discount seller_sku shipping_provider_id shipping_provider_name
    shipping_vat_amount shipping_vat_rate sku_id sku_image sku_name sku_type
    small_order_fee sub_item_info tracking_number unboxing_case_list unboxing_sku_code
    """.split()
)
"""Fields of one element of ``line_items``."""

KNOWN_STATUSES = frozenset(
    """
    AWAITING_COLLECTION AWAITING_SHIPMENT CANCELLED COMPLETED DELIVERED IN_TRANSIT
    ON_HOLD PARTIALLY_SHIPPING UNPAID
    """.split()
)
"""Statuses of an order."""

FINAL_STATUSES = frozenset(
    """
    CANCELLED COMPLETED
    """.split()
)
"""Statuses that an order does not leave."""

NUMBER_FIELDS = frozenset(
    """
    cancel_order_sla_time cancel_time collection_due_time collection_time create_time
    delivery_due_time delivery_option_required_delivery_time delivery_sla_time
    delivery_time fast_collection_sla_time fast_dispatch_sla_time fast_rts_sla_time
    fulfillment_priority_level instore_pickup_sla_time order_rights paid_time
    pick_up_cut_off_time recommended_shipping_time release_date request_cancel_time
    rts_sla_time rts_time shipping_due_time sku_count tts_sla_time update_time
    """.split()
)
"""Fields that are JSON numbers, wherever they stand; ids and amounts are text."""

EXPECTED_ORDER_FIELDS = frozenset(
    """
    create_time fulfillment_type line_items order_type payment shipping_type status
    update_time user_id warehouse_id
    """.split()
)
"""Fields that every recorded order has: without one, the answer is doubtful."""

EXPECTED_PAYMENT_FIELDS = frozenset(
    """
    currency original_total_product_price platform_discount seller_discount
    shipping_fee sub_total tax total_amount
    """.split()
)
"""Fields that every recorded ``payment`` has."""

EXPECTED_LINE_FIELDS = frozenset(
    """
    currency display_status original_price platform_discount product_id product_name
    sale_price seller_discount sku_id
    """.split()
)
"""Fields that every recorded line has."""

KNOWN_PARTS: Mapping[str, frozenset[str]] = {
    "handling_duration": frozenset({"days", "type"}),
    "item_tax": frozenset({"tax_amount", "tax_rate", "tax_type"}),
    "packages": frozenset({"id"}),
}
"""Fields of the objects in an order or a line that hold texts alone."""
