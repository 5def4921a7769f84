-- Schedules and webhooks.

-- @include shared/schedules.sql

-- @include shared/webhooks.sql

-- @include shared/service_views.sql
