using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionBatch.Contracts.Strategies;

/// <summary>The choices that a manifest makes by name, each name being a type of its own.</summary>
public enum StrategyKind
{
    /// <summary>A sampler's preset: in which order, and how many at a time, masked positions are written.</summary>
    Preset,

    /// <summary>A forward noising process with its training loss.</summary>
    Process,

    /// <summary>A source of responses' lengths.</summary>
    Length,

    /// <summary>A metric.</summary>
    Metric,

    /// <summary>A family of networks of which new models can be made.</summary>
    Architecture,
}

/// <summary>What everybody knows of a strategy.</summary>
/// <param name="Kind">What it is one of.</param>
/// <param name="Name">Its name in manifests.</param>
/// <param name="Summary">What it does: the end of a sentence that begins with its name.</param>
/// <param name="Settings">Those of its record's specific fields (see <c>SpecificAttribute</c>) that it heeds.</param>
public sealed record StrategyCard(StrategyKind Kind, string Name, string Summary, IReadOnlyList<StrategySetting> Settings)
{
    /// <summary>What plans and checks need to know beyond its settings: constants of <see cref="StrategyTraits"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Traits { get; init; }

    /// <summary>Whether it has a trait.</summary>
    public bool Is(string trait) => Traits?.Contains(trait) ?? false;

    /// <summary>The setting of that name; null where the strategy doesn't heed it.</summary>
    public StrategySetting? Setting(string name) => Settings.FirstOrDefault(s => s.Name == name);

    /// <summary>The cards of a type, which may do the work of several strategies.</summary>
    /// <exception cref="ArgumentException">The type has no <see cref="StrategyAttribute"/>.</exception>
    public static IReadOnlyList<StrategyCard> Of(StrategyKind kind, Type type)
    {
        var attributes = (StrategyAttribute[])type.GetCustomAttributes(typeof(StrategyAttribute), inherit: false);
        return attributes.Length == 0
            ? throw new ArgumentException($"{type} says of no strategy that it is one.", nameof(type))
            : [.. attributes.Select(a =>
                new StrategyCard(kind, a.Name, a.Summary,
                    [.. a.Settings.Select(StrategySetting.Parse)]) { Traits = a.Traits.Length == 0 ? null : a.Traits })];
    }
}

/// <summary>A setting that a strategy heeds.</summary>
/// <param name="Name">The field's name in manifests.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Values">The values that the strategy takes, of those that the field has; null for all.</param>
/// <param name="Instead">The setting that stands in its place: not both are given, and of a required one either; null for none.</param>
/// <param name="Beside">The setting without which it means nothing; null for none.</param>
public sealed record StrategySetting(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Required = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Values = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Instead = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Beside = null)
{
    /// <summary>Whether it is missing among the settings that are given.</summary>
    public bool IsMissing(Func<string, bool> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return Required && !given(Name) && (Instead is null || !given(Instead));
    }

    /// <summary>Why it can't be given beside the settings that are; null where it can.</summary>
    public string? Conflict(Func<string, bool> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return Instead is not null && given(Instead) ? $"\"{Name}\" and \"{Instead}\" stand for each other; expected one of them"
            : Beside is not null && !given(Beside) ? $"\"{Name}\" means nothing without \"{Beside}\"" : null;
    }

    internal static StrategySetting Parse(string text)
    {
        string[] values = text.Split('='), beside = values[0].Split('+'), instead = beside[0].Split('/');
        return new StrategySetting(Camel(instead[0].TrimEnd('!')), instead[0].EndsWith('!'),
            values.Length < 2 ? null : values[1].Split('|'),
            instead.Length < 2 ? null : Camel(instead[1]), beside.Length < 2 ? null : Camel(beside[1]));
    }

    static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

/// <summary>Makes a type a strategy: the one place where its name, its meaning and the settings that it heeds are said.</summary>
/// <param name="name">Its name in manifests.</param>
/// <param name="summary">What it does: the end of a sentence that begins with its name, without a full stop.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class StrategyAttribute(string name, string summary) : Attribute
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it does.</summary>
    public string Summary { get; } = summary;

    /// <summary>
    /// The specific fields that it heeds, as <c>nameof</c> gives them; <c>"features!"</c> for one that must be given,
    /// <c>"tokenize=13a|intl"</c> for one of which it takes these values alone, <c>"features!/model"</c> for one in whose place
    /// another may be given, <c>"draws+model"</c> for one that means something beside another alone.
    /// </summary>
    public string[] Settings { get; init; } = [];

    /// <summary>Constants of <see cref="StrategyTraits"/>.</summary>
    public string[] Traits { get; init; } = [];
}

/// <summary>What plans and checks need to know of strategies.</summary>
public static class StrategyTraits
{
    /// <summary>A process that trains on texts, not on pairs of prompt and response.</summary>
    public const string Texts = "texts";

    /// <summary>A preset that takes a forward pass for each token, whatever the number of steps.</summary>
    public const string TokenByToken = "tokenByToken";

    /// <summary>
    /// A process of which a network learns probability ratios at a noise level that it is told (SEDD), or a preset that samples such a
    /// network.
    /// </summary>
    public const string Scores = "scores";

    /// <summary>A preset that writes in one pass, as an approximation, what one token a pass would write.</summary>
    public const string AtOnce = "atOnce";

    /// <summary>A preset for models that predict the token after each position from those before it: no mask, no closing token.</summary>
    public const string NextToken = "nextToken";
}

/// <summary>How <c>strategies.json</c> is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n",
    Converters = [typeof(CamelCase<StrategyKind>)])]
[JsonSerializable(typeof(IEnumerable<StrategyCard>))]
sealed partial class StrategyJson : JsonSerializerContext;
