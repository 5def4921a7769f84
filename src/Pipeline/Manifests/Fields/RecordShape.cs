using System.Collections.Concurrent;
using System.Reflection;

namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>The fields of a record, read once from its properties and their attributes.</summary>
internal sealed class RecordShape
{
    static readonly ConcurrentDictionary<Type, RecordShape> Cache = new();

    /// <summary>The record's type.</summary>
    public Type Type { get; }

    /// <summary>The fields: a base record's first, then in the order of declaration.</summary>
    public IReadOnlyList<FieldShape> Fields { get; }

    /// <summary>Fields of the specification that this version refuses.</summary>
    public IReadOnlyList<LaterFieldAttribute> Later { get; }

    /// <summary>Of these fields exactly one must be given; empty for no such rule.</summary>
    public IReadOnlyList<string> ExactlyOne { get; }

    /// <summary>Fields that ask for another one.</summary>
    public IReadOnlyList<NeedsAttribute> Needs { get; }

    /// <summary>The field that a bare text stands for; null where only an object will do.</summary>
    public string? Shorthand { get; }

    RecordShape(Type type)
    {
        Type = type;
        object? defaults = type.IsAbstract ? null : Activator.CreateInstance(type);
        Fields = [.. Ancestry(type)
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(p => p.IsDefined(typeof(FieldAttribute)))
            .Select(p => new FieldShape(p, defaults))];
        Later = [.. type.GetCustomAttributes<LaterFieldAttribute>()];
        ExactlyOne = type.GetCustomAttribute<ExactlyOneAttribute>()?.Fields ?? [];
        Shorthand = type.GetCustomAttribute<ShorthandAttribute>()?.Field;
        Needs = [.. type.GetCustomAttributes<NeedsAttribute>()];
    }

    /// <summary>The shape of a record's type.</summary>
    public static RecordShape Of(Type type) => Cache.GetOrAdd(type, t => new RecordShape(t));

    /// <summary>Whether a type is one of the manifests' records (an object in the text).</summary>
    public static bool IsRecord(Type type) =>
        type.IsClass && type.Namespace == typeof(JobManifest).Namespace && !typeof(IOneOrMany).IsAssignableFrom(type);

    static IEnumerable<Type> Ancestry(Type type) =>
        type.BaseType is { } parent && parent != typeof(object) ? [.. Ancestry(parent), type] : [type];
}
