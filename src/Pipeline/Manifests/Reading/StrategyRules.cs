using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Which fields go with which strategy, and with which value of another field, as the records and the strategies say.</summary>
internal sealed class StrategyRules(ManifestText text)
{
    /// <summary>Checks an object.</summary>
    /// <param name="node">The object.</param>
    /// <param name="shape">Its record's shape.</param>
    /// <param name="values">The values of a field, given or not: several where it is swept over.</param>
    public void Check(ManifestNode node, RecordShape shape, Func<FieldShape, IReadOnlyList<object>> values)
    {
        if (shape.Strategy is { } named && text.Good(At(node, named)))
        {
            StrategyCard[] cards = [.. values(named).Select(name => StrategyCatalog.Find(named.Strategy!.Value, (string)name))
                .OfType<StrategyCard>()];
            foreach (var field in shape.Fields.Where(f => f.IsSpecific || cards.Any(c => c.Setting(f.Name) is not null)))
                if (node[field.Name] is not null) Heeded(node, shape, field, cards, values);
            foreach (var card in cards) Required(node, card);
        }
        foreach (var field in shape.Fields)
        {
            if (field.OnlyWith is not { } with || node[field.Name] is null || !text.Good(At(node, field))
                || shape[with.Field] is not { } other || !text.Good(At(node, other))) continue;
            if (!values(other).Any(value => with.Values.Contains(EnumText.Setting(value))))
                text.Add(At(node, field), $"the field \"{field.Name}\" is for the {with.Field} {Or(with.Values)} only");
        }
    }

    void Heeded(ManifestNode node, RecordShape shape, FieldShape field, StrategyCard[] cards,
        Func<FieldShape, IReadOnlyList<object>> values)
    {
        if (cards.Length == 0 || !text.Good(At(node, field))) return;
        // What is no strategy's own is everybody's, but some take only some of its values.
        var heed = cards.Where(c => c.Setting(field.Name) is not null).ToList();
        if (!field.IsSpecific && heed.Count < cards.Length) return;
        if (heed.Count == 0) text.Add(At(node, field), NotHeeded(shape, field, cards));
        // Of several strategies in a sweep, one that takes the value is enough.
        foreach (object value in values(field))
        {
            if (heed.Count == 0 || heed.Exists(c => c.Setting(field.Name)!.Values is not { } taken || taken.Contains(Text(value))))
                continue;
            text.Add(At(node, field), $"the {Noun(heed[0].Kind)} \"{heed[0].Name}\" doesn't take "
                + $"the {field.Name} \"{Text(value)}\"; expected {ValueWords.OneOf(heed[0].Setting(field.Name)!.Values!)}");
        }
    }

    static string Text(object value) => value is bool truth ? (truth ? "true" : "false") : EnumText.Setting(value);

    void Required(ManifestNode node, StrategyCard card)
    {
        bool Given(string name) => node[name] is not null;
        StrategySetting[] missing = [.. card.Settings.Where(s => s.IsMissing(Given))];
        if (missing.Length > 0 && text.Good(node.Pointer))
            text.AddMissing(node, missing[0].Name, $"the {Noun(card.Kind)} \"{card.Name}\" needs the "
                + $"field{(missing.Length > 1 ? "s" : "")} {string.Join(" and ", missing.Select(s => $"\"{s.Name}\""))}{Instead(missing)}");
        foreach (var setting in card.Settings.Where(s => Given(s.Name)))
            if (setting.Conflict(Given) is { } conflict && text.Good(ManifestNode.Under(node.Pointer, setting.Name)))
                text.Add(ManifestNode.Under(node.Pointer, setting.Name), conflict);

        static string Instead(StrategySetting[] missing) =>
            string.Concat(missing.Select(s => s.Instead).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(name => $", or \"{name}\""));
    }

    // Of one strategy with many settings: those that it has. Of a few strategies: whose the setting is.
    static string NotHeeded(RecordShape shape, FieldShape field, StrategyCard[] cards)
    {
        var kind = cards[0].Kind;
        if (cards.Length > 1 || kind is not (StrategyKind.Preset or StrategyKind.Metric))
            return $"the field \"{field.Name}\" is for the {Noun(kind)} "
                + $"{Or([.. StrategyCatalog.Of(kind).Where(c => c.Setting(field.Name) is not null).Select(c => c.Name)])} only";
        bool metric = kind == StrategyKind.Metric;
        string[] has = [.. metric
            ? cards[0].Settings.Select(s => s.Name)
            : shape.Fields.Where(f => f.Strategy is null && (!f.IsSpecific || cards[0].Setting(f.Name) is not null)).Select(f => f.Name)];
        return $"the {Noun(kind)} \"{cards[0].Name}\" has no {(metric ? "option" : "field")} "
            + $"\"{field.Name}\"; {(has.Length == 0 ? "it has none" : $"expected {ValueWords.OneOf(has)}")}";
    }

    static string Noun(StrategyKind kind) => kind == StrategyKind.Length ? "source" : EnumText.CamelCase(kind.ToString());

    static string Or(IReadOnlyList<string> names) => string.Join(" or ", names.Select(n => $"\"{n}\""));

    static string At(ManifestNode node, FieldShape field) => ManifestNode.Under(node.Pointer, field.Name);
}
