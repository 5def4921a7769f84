using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.LocalHost.Functions;

/// <summary>The app's settings: this process's environment variables, and over them those that it was given.</summary>
internal sealed partial class AppSettings
{
    /// <summary>Puts them together.</summary>
    /// <param name="given">The settings over the environment's.</param>
    public AppSettings(IReadOnlyDictionary<string, string> given)
    {
        Given = given;
        Configuration = new ConfigurationBuilder().AddEnvironmentVariables()
            .AddInMemoryCollection(
                given.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build();
    }

    /// <summary>The settings that were given, without those of the environment.</summary>
    public IReadOnlyDictionary<string, string> Given { get; }

    /// <summary>All settings.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>A setting; null where it is missing or empty.</summary>
    public string? this[string name] => Configuration[name] is { Length: > 0 } value ? value : null;

    /// <summary>Replaces each <c>%NAME%</c> by that setting.</summary>
    /// <exception cref="FunctionsHostException">There is no such setting.</exception>
    public string Expand(string text, string function) => Reference().Replace(text, match => this[match.Groups[1].Value]
        ?? throw new FunctionsHostException(
            $"The function '{function}' refers to the setting '{match.Groups[1].Value}' in \"{text}\", and it isn't set."));

    /// <summary>
    /// Whether a function is switched off: <c>AzureWebJobs.NAME.Disabled</c>, or <c>AzureWebJobs_NAME_Disabled</c> where a shell takes no
    /// dots, is true or 1.
    /// </summary>
    public bool IsDisabled(string function) =>
        (this[$"AzureWebJobs.{function}.Disabled"] ?? this[$"AzureWebJobs_{function}_Disabled"]) is { } value
            && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference();
}
