using System.Data;
using System.Globalization;
using Dapper;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Times as the index keeps them: ISO 8601, UTC, milliseconds; their order as text is their order in time.</summary>
internal static class Timestamp
{
    /// <summary>The text of a time.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>The text of a time, or null.</summary>
    public static string? Of(DateTimeOffset? time) => time is { } known ? Of(known) : null;
}

/// <summary>Reads the columns' times; parameters are written by <see cref="Timestamp.Of(DateTimeOffset)"/>.</summary>
internal sealed class TimestampHandler : SqlMapper.TypeHandler<DateTimeOffset>
{
    /// <summary>Makes it known to Dapper; more than once does no harm.</summary>
    public static void Register() => SqlMapper.AddTypeHandler(new TimestampHandler());

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = Timestamp.Of(value);

    public override DateTimeOffset Parse(object value) =>
        DateTimeOffset.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
