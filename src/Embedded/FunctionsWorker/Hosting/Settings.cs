using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>Settings that functions refer to by name.</summary>
internal static partial class Settings
{
    /// <summary>Replaces each <c>%Name%</c> by that setting's value.</summary>
    /// <exception cref="InvalidOperationException">There is no such setting.</exception>
    public static string Expand(string text, IConfiguration configuration, string function) =>
        Reference().Replace(text, match => configuration[match.Groups[1].Value] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"Function '{function}' refers to the setting '{match.Groups[1].Value}' in \"{text}\", and it isn't set."));

    /// <summary>Whether a function is switched off: <c>AzureWebJobs.NAME.Disabled</c> is true or 1.</summary>
    public static bool IsDisabled(string function, IConfiguration configuration) =>
        configuration[$"AzureWebJobs.{function}.Disabled"] is { } value && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference();
}
