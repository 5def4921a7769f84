using System.Globalization;

namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Reads a metric's options and collects what is wrong with them; what a metric has not read it does not know.</summary>
internal sealed class OptionReader(MetricSpec spec, List<string> problems)
{
    readonly Dictionary<string, object?> _given = new((spec.Options ?? new Dictionary<string, object?>()).Where(o => o.Value is not null), StringComparer.Ordinal);
    readonly List<string> _known = [];

    public bool Flag(string name)
    {
        var value = Take(name);
        if (value is null or bool) return value is true;
        Problem(name, value, "true or false");
        return false;
    }

    public string Choice(string name, string usual, IReadOnlyList<string> choices)
    {
        var value = Take(name);
        if (value is null) return usual;
        if (value is string text && choices.Contains(text, StringComparer.Ordinal)) return text;
        Problem(name, value, "one of " + string.Join(", ", choices));
        return usual;
    }

    public string? Text(string name)
    {
        var value = Take(name);
        if (value is null or string) return (string?)value;
        Problem(name, value, "a text");
        return null;
    }

    /// <summary>A text that the metric can't do without.</summary>
    public string Required(string name, string expected)
    {
        bool given = _given.ContainsKey(name);
        if (Text(name) is { } text) return text;
        if (!given) problems.Add($"metric \"{spec.Label}\": {name} is missing; expected {expected}.");
        return "";
    }

    public double? Number(string name, double least, double most)
    {
        var value = Take(name);
        if (value is null) return null;
        if (value is double or float or int or long or decimal && Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number >= least && number <= most) return number;
        Problem(name, value, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
        return null;
    }

    public int Integer(string name, int usual, int least, int most)
    {
        int before = problems.Count;
        double? number = Number(name, least, most);
        if (number is null || number == Math.Floor(number.Value)) return (int)(number ?? usual);
        if (problems.Count == before) Problem(name, number, $"an integer from {least} to {most}");
        return usual;
    }

    /// <summary>Reports options that the metric does not have.</summary>
    public void Finish()
    {
        foreach (string name in _given.Keys)
            problems.Add($"metric \"{spec.Label}\": unknown option \"{name}\"; {spec.Name} has {(_known.Count == 0 ? "no options" : string.Join(", ", _known))}.");
    }

    object? Take(string name)
    {
        _known.Add(name);
        _given.Remove(name, out var value);
        return value;
    }

    void Problem(string name, object? value, string expected) =>
        problems.Add(string.Create(CultureInfo.InvariantCulture, $"metric \"{spec.Label}\": {name} is {(value is string ? $"\"{value}\"" : value)}; expected {expected}."));
}
