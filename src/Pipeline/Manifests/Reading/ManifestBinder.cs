using System.Collections;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>
/// Makes records of a tree, by the records' shapes, and notes every problem on the way. What had a problem keeps its
/// default in the record, so that the rest is still checked.
/// </summary>
internal sealed class ManifestBinder(ManifestText text)
{
    readonly ValueBinder _values = new(text);
    readonly StrategyRules _rules = new(text);
    readonly List<(WorkManifest Job, string At)> _jobs = [];

    // Within settings that are swept over: the lists that were given, by the setting's path.
    List<(string Path, IReadOnlyList<object> Values)>? _lists;
    string _path = "";

    /// <summary>The jobs that were bound so far, each with its pointer, those with problems too.</summary>
    public IReadOnlyList<(WorkManifest Job, string At)> Jobs => _jobs;

    /// <summary>Binds an object to a record; null where it isn't an object or doesn't say which record it is.</summary>
    public object? Record(ManifestNode node, Type type)
    {
        if (node.Kind == NodeKind.Text && !JobKinds.IsChosenByKind(type) && RecordShape.Of(type).Shorthand is { } shorthand)
            return FromShorthand(node, RecordShape.Of(type), shorthand);
        if (node.Kind != NodeKind.Object)
        {
            string words = JobKinds.IsChosenByKind(type) || RecordShape.Of(type).Shorthand is null ? "an object" : "a text or an object";
            text.Add(node, $"expected {words}, found {node.Found}");
            return null;
        }
        var chosen = JobKinds.IsChosenByKind(type) ? Chosen(node, type) : type;
        return chosen is null ? null : Fields(node, RecordShape.Of(chosen));
    }

    Type? Chosen(ManifestNode node, Type type)
    {
        var kinds = JobKinds.Of(type);
        string words = ValueWords.OneOf(kinds.Select(pair => pair.Text));
        if (node["kind"] is not { } kind)
        {
            text.AddMissing(node, "kind", $"the field \"kind\" is missing: expected {words}");
            return null;
        }
        if (kind.Kind == NodeKind.Text && kinds.FirstOrDefault(pair => pair.Text == kind.Text).Record is { } record) return record;
        text.Add(kind, kind.Kind == NodeKind.Text && kind.Text == EnumText.Of(JobKind.Pipeline)
            ? $"a pipeline can't hold another pipeline: expected {words}"
            : ValueBinder.NotOneOf(kind, kinds.Select(pair => pair.Text), words));
        return null;
    }

    object Fields(ManifestNode node, RecordShape shape)
    {
        object record = Activator.CreateInstance(shape.Type)!;
        Unknown(node, shape);
        foreach (var field in shape.Fields)
        {
            if (node[field.Name] is { } value)
            {
                if (Value(value, field) is { } bound) field.Property.SetValue(record, bound);
            }
            else if (field.Required)
            {
                text.AddMissing(node, field.Name, $"the field \"{field.Name}\" is missing: expected {ValueWords.Expected(field)}");
            }
        }
        Together(node, shape);
        Strategies(node, shape, record);
        if (record is WorkManifest job) _jobs.Add((job, node.Pointer));
        return record;
    }

    void Strategies(ManifestNode node, RecordShape shape, object record) => _rules.Check(
        node, shape, field => _lists?.FirstOrDefault(l => l.Path == _path + field.Name).Values
            ?? (field.Property.GetValue(record) is { } one ? [one] : []));

    object FromShorthand(ManifestNode node, RecordShape shape, string name)
    {
        object record = Activator.CreateInstance(shape.Type)!;
        var field = shape.Fields.First(f => f.Name == name);
        if (_values.One(node, field.Type, field) is { } bound) field.Property.SetValue(record, bound);
        Strategies(node, shape, record);
        return record;
    }

    void Unknown(ManifestNode node, RecordShape shape)
    {
        bool isJob = JobKinds.TextOf(shape.Type) is not null;
        foreach (var member in node.Members)
        {
            if (shape.Fields.Any(field => field.Name == member.Name) || (isJob && member.Name == "kind")) continue;
            string pointer = ManifestNode.Under(node.Pointer, member.Name);
            string[] names = [.. shape.Fields.Select(field => field.Name).Concat(isJob ? ["kind"] : [])];
            string hint = Suggestion.For(member.Name, names) is { } meant
                ? $"did you mean \"{meant}\"?"
                : $"expected {ValueWords.OneOf(names)}";
            text.Add(pointer, member.Line, member.Column, $"unknown field {Printable.Quoted(member.Name)}; {hint}");
        }
    }

    void Together(ManifestNode node, RecordShape shape)
    {
        if (shape.ExactlyOne.Count > 0)
        {
            string[] given = [.. shape.ExactlyOne.Where(name => node[name] is not null)];
            string words = string.Join(" or ", shape.ExactlyOne.Select(name => $"\"{name}\""));
            if (given.Length == 0) text.Add(node, $"expected {words}, found neither");
            if (given.Length > 1) text.Add(node, $"expected either {words}, found both");
            if (given.Length != 1) return;
        }
        foreach (var needs in shape.Needs)
        {
            if (node[needs.Field] is not null && node[needs.Other] is null)
                text.AddMissing(node, needs.Other, $"the field \"{needs.Field}\" needs the field \"{needs.Other}\" beside it");
        }
    }

    object? Value(ManifestNode node, FieldShape field)
    {
        if (field.SweptType is { } settings) return Swept(node, field, settings);
        if (RecordShape.IsRecord(field.Type)) return Inner(node, field);
        if (field.ItemType is { } item) return node.Kind == NodeKind.List
            ? List(node, field, item)
            : Refused(node, ValueWords.Expected(field, _lists is not null), node.Found);
        if (_lists is null) return _values.One(node, field.Type, field);
        return node.Kind == NodeKind.List ? Many(node, field) : _values.One(node, field.Type, field, orList: true);
    }

    // A record of settings of which any may be a list.
    ISweep? Swept(ManifestNode node, FieldShape field, Type settings)
    {
        (_lists, _path) = ([], "");
        object? record = Record(node, settings);
        var lists = _lists;
        _lists = null;
        return record is null
            ? null
            : lists.Aggregate(((ISweep)field.Default!).Of(record), (sweep, list) => sweep.Over(list.Path, list.Values));
    }

    object? Inner(ManifestNode node, FieldShape field)
    {
        string outer = _path;
        _path = $"{outer}{field.Name}.";
        object? record = Record(node, field.Type);
        _path = outer;
        return record;
    }

    // The values of a setting that is swept over; the record itself has the first.
    object? Many(ManifestNode node, FieldShape field)
    {
        if (node.Items.Count == 0) return Refused(node, ValueWords.Expected(field, swept: true), "an empty list");
        var values = new List<object>();
        var first = new HashSet<object>();
        foreach (var child in node.Items)
        {
            if (_values.One(child, field.Type, field) is not { } value) continue;
            values.Add(value);
            if (!first.Add(value)) text.Add(child, $"the value {child.Found} stands twice in the list; each combination runs once");
        }
        if (values.Count < node.Items.Count) return null;
        _lists!.Add((_path + field.Name, values));
        return values[0];
    }

    IList? List(ManifestNode node, FieldShape field, Type itemType)
    {
        if (node.Items.Count < (field.Count?.Minimum ?? 0) || node.Items.Count > (field.Count?.Maximum ?? int.MaxValue))
            return (IList?)Refused(node, ValueWords.Expected(field),
                node.Items.Count == 0 ? "an empty list" : $"a list of {node.Items.Count}");
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(itemType))!;
        foreach (var child in node.Items)
            if ((RecordShape.IsRecord(itemType) || JobKinds.IsChosenByKind(itemType)
                ? Record(child, itemType)
                : _values.One(child, itemType, field)) is { } item) items.Add(item);
        return items.Count < node.Items.Count ? null : items;
    }

    object? Refused(ManifestNode node, string expected, string found)
    {
        text.Add(node, $"expected {expected}, found {found}");
        return null;
    }
}
