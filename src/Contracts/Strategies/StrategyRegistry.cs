using System.Collections.Immutable;
using System.Reflection;

namespace DiffusionBatch.Contracts.Strategies;

/// <summary>
/// The types of one kind of strategy by name: those of an assembly that have a <see cref="StrategyAttribute"/>, and what is added.
/// </summary>
/// <typeparam name="T">What such a type is.</typeparam>
public sealed class StrategyRegistry<T> where T : class
{
    readonly StrategyKind _kind;
    ImmutableSortedDictionary<string, (StrategyCard Card, Type Type)> _types =
        ImmutableSortedDictionary.Create<string, (StrategyCard, Type)>(StringComparer.Ordinal);

    /// <summary>The strategies of an assembly.</summary>
    public StrategyRegistry(StrategyKind kind, Assembly assembly)
    {
        _kind = kind;
        foreach (var type in assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(T)) && t.IsDefined(typeof(StrategyAttribute), inherit: false)))
            foreach (var card in StrategyCard.Of(kind, type)) _types = _types.Add(card.Name, (card, type));
    }

    /// <summary>What each says of itself, in ordinal order of the names.</summary>
    public IReadOnlyList<StrategyCard> Cards => [.. _types.Values.Select(t => t.Card)];

    /// <summary>The type of that name, or null.</summary>
    public Type? TypeOf(string name) => _types.TryGetValue(name, out var found) ? found.Type : null;

    /// <summary>Makes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What its constructor takes.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those that there are.</exception>
    public T Create(string name, params object?[] arguments)
    {
        if (!_types.TryGetValue(name, out var found))
            throw new ArgumentException($"unknown {EnumName(_kind)} \"{name}\"; available: {string.Join(", ", _types.Keys)}", nameof(name));
        return (T)Activator.CreateInstance(found.Type, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    /// <summary>Adds a type of another assembly, and what it says of itself to <see cref="StrategyCatalog"/>.</summary>
    /// <returns>Takes it back.</returns>
    public IDisposable Add(Type type)
    {
        var cards = StrategyCard.Of(_kind, type);
        var undo = cards.Select(StrategyCatalog.Add).ToList();
        foreach (var card in cards) ImmutableInterlocked.Update(ref _types, types => types.SetItem(card.Name, (card, type)));
        return new Removal(() =>
        {
            foreach (var card in cards) ImmutableInterlocked.Update(ref _types, types => types.Remove(card.Name));
            undo.ForEach(u => u.Dispose());
        });
    }

    static string EnumName(StrategyKind kind) => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..];

    sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
