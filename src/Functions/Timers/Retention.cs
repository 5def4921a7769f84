using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Functions.Timers;

/// <summary>How long the index keeps jobs that have ended.</summary>
/// <param name="Keep">The setting <c>RetentionDays</c>, default 90 days.</param>
public sealed record Retention(TimeSpan Keep)
{
    const string Setting = "RetentionDays";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="OptionsValidationException">It is no number of days from 1 to 36,500.</exception>
    public static Retention Of(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } text) return new Retention(TimeSpan.FromDays(90));
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) && days is >= 1 and <= 36_500
            ? new Retention(TimeSpan.FromDays(days)) : throw new OptionsValidationException(Setting, typeof(Retention), [$"{Setting} is \"{text}\"; it is a number of days from 1 to 36500."]);
    }
}
