using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Functions.Files;

/// <summary>How large an uploaded file may be.</summary>
/// <param name="MaxBytes">The most bytes: the setting <c>Files:MaxBytes</c>, default 104,857,600, what Functions takes by default.</param>
public sealed record FileLimits(long MaxBytes)
{
    const string Setting = "Files:MaxBytes";
    const long Default = 104_857_600;

    /// <summary>Reads the setting.</summary>
    /// <exception cref="OptionsValidationException">It is no number above zero.</exception>
    public static FileLimits Of(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } text) return new FileLimits(Default);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0
            ? new FileLimits(bytes) : throw new OptionsValidationException(Setting, typeof(FileLimits), [$"{Setting} is \"{text}\"; it is a number of bytes above zero."]);
    }
}
