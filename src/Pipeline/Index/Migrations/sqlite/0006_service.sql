-- Schedules and webhooks.

-- @include shared/schedules.sql
