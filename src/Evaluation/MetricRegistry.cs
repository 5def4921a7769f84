using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation;

/// <summary>
/// The metrics by name. A metric is a type with a <see cref="StrategyAttribute"/> for each of its names and a constructor that takes
/// its <see cref="MetricSpec"/> and how its interval is found (<see cref="BootstrapOptions"/>, or null): that is all there is to add.
/// </summary>
public static class MetricRegistry
{
    static readonly StrategyCard s_cost = StrategyCard.Of(StrategyKind.Metric, typeof(CostMetric))[0];

    /// <summary>The metrics that score texts; <see cref="StrategyRegistry{T}.Add"/> takes one of another assembly.</summary>
    public static StrategyRegistry<IMetric> Scores { get; } = new(StrategyKind.Metric, typeof(MetricRegistry).Assembly);

    /// <summary>What every metric says of itself, the cost too, which is no score of texts; in ordinal order of the names.</summary>
    public static IReadOnlyList<StrategyCard> Cards => [.. Scores.Cards.Append(s_cost).OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>Plans what is asked for.</summary>
    /// <exception cref="MetricException">A metric is unknown or has no such setting, a value is wrong or missing, or two metrics have one
    /// label.</exception>
    public static MetricPlan Plan(IEnumerable<MetricSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var problems = new List<string>();
        var scores = new List<MetricSpec>();
        var labels = new HashSet<string>(StringComparer.Ordinal);
        CostMetric? cost = null;
        foreach (var spec in specs)
        {
            if (!labels.Add(spec.Label)) problems.Add($"metric \"{spec.Label}\" is there twice; give one of them another name by \"as\".");
            if (Cards.FirstOrDefault(c => c.Name == spec.Name) is not { } card)
            {
                problems.Add($"unknown metric \"{spec.Name}\"; available: {string.Join(", ", Cards.Select(c => c.Name))}.");
                continue;
            }
            problems.AddRange(Problems(spec, card));
            if (card == s_cost) cost = new CostMetric(spec);
            else scores.Add(spec);
        }
        return problems.Count == 0 ? new MetricPlan(scores, cost) : throw new MetricException(problems);
    }

    /// <summary>What is wrong with a metric's settings, each with what would be right.</summary>
    static IEnumerable<string> Problems(MetricSpec spec, StrategyCard card)
    {
        var shape = RecordShape.Of(typeof(MetricSpec));
        foreach (var field in shape.Fields.Where(f => f.IsSpecific))
            if (Problem(shape, field, spec, card) is { } problem) yield return $"metric \"{spec.Label}\": {problem}.";
    }

    static string? Problem(RecordShape shape, FieldShape field, MetricSpec spec, StrategyCard card)
    {
        bool Given(string name) => shape[name]!.Property.GetValue(spec) is not null;
        var setting = card.Setting(field.Name);
        if (field.Property.GetValue(spec) is not { } value)
            return setting?.IsMissing(Given) != true ? null
                : $"{field.Name} is missing; expected {(setting.Instead is { } other ? $"\"{other}\" or " : "")}"
                    + $"{Lowered(field.Field.Description.TrimEnd('.'))}";
        if (setting is null)
            return $"unknown option \"{field.Name}\"; {card.Name} "
                + $"has {(card.Settings.Count == 0 ? "no options" : string.Join(", ", card.Settings.Select(s => s.Name)))}";
        if (setting.Conflict(Given) is { } conflict) return conflict;
        string text = EnumText.Setting(value);
        if (setting.Values is { } values && !values.Contains(text))
            return $"{field.Name} is \"{text}\"; expected one of {string.Join(", ", values)}";
        if (field.Within is { } range && !range.Holds(Convert.ToDouble(value, CultureInfo.InvariantCulture)))
            return $"{field.Name} is {text}; expected {(value is int ? "an integer" : "a number")} {range}";
        return shape.Applies(field, spec)
            ? null
            : $"{field.Name} is for the {field.OnlyWith!.Field} {string.Join(" or ", field.OnlyWith.Values.Select(v => $"\"{v}\""))} only";
    }

    static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}

/// <summary>Metrics that were asked for and can be had.</summary>
public sealed class MetricPlan
{
    readonly IReadOnlyList<MetricSpec> _scores;

    internal MetricPlan(IReadOnlyList<MetricSpec> scores, CostMetric? cost) => (_scores, Cost) = (scores, cost);

    /// <summary>How each cell's cost is stated; null where it wasn't asked for.</summary>
    public CostMetric? Cost { get; }

    /// <summary>Fresh metrics, in the order in which they were asked for: one set a cell.</summary>
    /// <param name="bootstrap">How intervals are found; null for none.</param>
    public IReadOnlyList<IMetric> Create(BootstrapOptions? bootstrap) =>
        [.. _scores.Select(spec => MetricRegistry.Scores.Create(spec.Name, spec, bootstrap))];
}
