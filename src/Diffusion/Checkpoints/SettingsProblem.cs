using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>What the deserializer found wrong with a diffusion.json, in the words of the other problems.</summary>
static partial class SettingsProblem
{
    /// <summary>The problem with its field, place and what is expected there.</summary>
    public static CheckpointProblem Of(ReadOnlySpan<byte> utf8, JsonException e)
    {
        JsonFault place = JsonFault.Of(utf8, e); // its column is where the value ends
        CheckpointProblem At(string? field, string message, string? expected) =>
            new(DiffusionSettings.FileName, string.IsNullOrEmpty(field) ? null : field, message, expected) { Line = place.Line };
        string path = e.Path is { Length: > 2 } given ? given[2..] : "";
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal)) return At(path, "the field is unknown", null);
        if (MissingNames().Match(e.Message) is { Success: true } missing)
            return At(path, $"fields are missing: {missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal)}", null);
        return At(path, "the value can't be used", Expected(path));
    }

    /// <summary>What a field takes, by its path.</summary>
    static string? Expected(string path)
    {
        Type type = typeof(DiffusionSettings);
        foreach (string name in Indices().Replace(path, "").Split('.'))
            if (type.GetProperties().FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == name) is { } property)
                type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(bool) ? "true or false"
            : type == typeof(int) ? "a whole number"
            : type == typeof(string) ? "a text"
            : type == typeof(int[]) ? "a list of whole numbers"
            : type == typeof(SpecialTokens) ? "an object of whole numbers: bos, pad, eos, unk and mask"
            : type.IsEnum ? string.Join(" or ", Enum.GetNames(type).Select(n => $"\"{JsonNamingPolicy.CamelCase.ConvertName(n)}\""))
            : null;
    }

    [GeneratedRegex(@"missing required properties including: (.*?)\.?$")]
    private static partial Regex MissingNames();

    [GeneratedRegex(@"\[\d*\]")]
    private static partial Regex Indices();
}
