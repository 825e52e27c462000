"""What the documentation says a product may hold: all else is noted as drift.

Source: docs/tiktok-shop-api.md, "Products" (search 202502 and detail 202309).
"""

KNOWN_PRODUCT_FIELDS = frozenset(
    """
    audit audit_failed_reasons brand category_chains certifications create_time
    delivery_options description external_product_id global_product_association
    has_draft id integrated_platform_statuses is_cod_allowed is_not_for_sale
    is_pre_owned is_replicated key_product_features listing_quality_tier main_images
    manufacturer_ids minimum_order_quantity package_dimensions package_weight
    prescription_requirement primary_combined_product_id product_attributes
    product_families product_status product_sync_fail_reasons product_tags
    product_types recommended_categories responsible_person_ids sales_regions
    scheduled_sale search_terms shipping_insurance_requirement shipping_template_id
    size_chart skus status subscribe_info title update_time video
    """.split()
)
"""Fields of a product, of the search and of the detail."""

KNOWN_SKU_FIELDS = frozenset(
    """
    combined_skus external_list_prices external_sku_id external_urls
    extra_identifier_codes fees global_listing_policy id identifier_code inventory
    list_price pre_sale price sales_attributes seller_sku sku_dimensions
    sku_unit_count sku_weight status_info
    """.split()
)
"""Fields of one element of ``skus``."""

KNOWN_COMPONENT_FIELDS = frozenset(
    """
    brand categories combined_listing_not_live_reasons inventory price product_id
    product_main_image sales_attributes seller_sku sku_count sku_id title
    """.split()
)
"""Fields of one element of ``combined_skus``."""

KNOWN_PRODUCT_STATUSES = frozenset(
    """
    ACTIVATE DELETED DRAFT FAILED FREEZE PENDING PLATFORM_DEACTIVATED SCHEDULED
    SELLER_DEACTIVATED
    """.split()
)
"""Statuses of a product."""

KNOWN_AUDITS = frozenset(
    """
    APPROVED AUDITING FAILED NONE PRE_APPROVED
    """.split()
)
"""States of TikTok's review of a product."""

KNOWN_SKU_STATUSES = frozenset(
    """
    DEACTIVATED NORMAL
    """.split()
)
"""Statuses of a SKU."""
