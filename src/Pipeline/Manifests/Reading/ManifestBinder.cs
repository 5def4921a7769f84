using System.Collections;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests.Fields;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>
/// Makes records of a tree, by the records' shapes, and notes every problem on the way. What had a problem keeps its
/// default in the record, so that the rest is still checked.
/// </summary>
internal sealed class ManifestBinder(ManifestText text)
{
    readonly ValueBinder _values = new(text);
    readonly List<(WorkManifest Job, string At)> _jobs = [];

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
        if (record is WorkManifest job) _jobs.Add((job, node.Pointer));
        return record;
    }

    object FromShorthand(ManifestNode node, RecordShape shape, string name)
    {
        object record = Activator.CreateInstance(shape.Type)!;
        var field = shape.Fields.First(f => f.Name == name);
        if (_values.One(node, field.Type, field) is { } bound) field.Property.SetValue(record, bound);
        return record;
    }

    void Unknown(ManifestNode node, RecordShape shape)
    {
        bool isJob = JobKinds.TextOf(shape.Type) is not null;
        foreach (var member in node.Members)
        {
            if (shape.Fields.Any(field => field.Name == member.Name) || (isJob && member.Name == "kind")) continue;
            string pointer = ManifestNode.Under(node.Pointer, member.Name);
            var later = shape.Later.FirstOrDefault(field => field.Name == member.Name);
            if (later is null)
            {
                string[] names = [.. shape.Fields.Select(field => field.Name).Concat(isJob ? ["kind"] : [])];
                string hint = Suggestion.For(member.Name, names) is { } meant ? $"did you mean \"{meant}\"?" : $"expected {ValueWords.OneOf(names)}";
                text.Add(pointer, member.Line, member.Column, $"unknown field {Printable.Quoted(member.Name)}; {hint}");
            }
            else if (later.ExplainedBy is null || !IsLater(node, shape, later.ExplainedBy))
            {
                text.Add(pointer, member.Line, member.Column, $"the field \"{member.Name}\" is not available in this version; {later.Instead}");
            }
        }
    }

    static bool IsLater(ManifestNode node, RecordShape shape, string field) =>
        node[field] is { } value && shape.Fields.FirstOrDefault(f => f.Name == field) is { } known && ValueBinder.IsLater(value, known.Type);

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
        if (field.ItemType is not { } item) return RecordShape.IsRecord(field.Type) ? Record(node, field.Type) : _values.One(node, field.Type, field);
        if (node.Kind == NodeKind.List) return List(node, field, item);
        if (field.IsOneOrMany) return _values.One(node, item, field, orList: true) is { } one ? Activator.CreateInstance(field.Type, one) : null;
        text.Add(node, $"expected {ValueWords.Expected(field)}, found {node.Found}");
        return null;
    }

    object? List(ManifestNode node, FieldShape field, Type itemType)
    {
        int minimum = field.IsOneOrMany ? 1 : field.Count?.Minimum ?? 0;
        if (node.Items.Count < minimum || node.Items.Count > (field.Count?.Maximum ?? int.MaxValue))
        {
            text.Add(node, field.IsOneOrMany
                ? $"expected {ValueWords.Expected(field)}, found an empty list"
                : $"expected {ValueWords.Expected(field)}, found {(node.Items.Count == 0 ? "an empty list" : $"a list of {node.Items.Count}")}");
            return null;
        }
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(itemType))!;
        var first = new Dictionary<object, ManifestNode>();
        foreach (var child in node.Items)
        {
            object? item = RecordShape.IsRecord(itemType) ? Record(child, itemType) : _values.One(child, itemType, field);
            if (item is null) continue;
            items.Add(item);
            if (!field.IsOneOrMany || first.TryAdd(item, child)) continue;
            text.Add(child, $"the value {child.Found} stands twice in the list; each combination runs once");
        }
        if (items.Count < node.Items.Count) return null;
        return field.IsOneOrMany ? Activator.CreateInstance(field.Type, items) : items;
    }
}
