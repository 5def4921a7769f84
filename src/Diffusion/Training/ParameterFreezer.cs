using System.IO.Enumeration;
using DiffusionBatch.Diffusion.Models;
using TorchSharp.Modules;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>Holds parameters fixed by patterns on their names, such as <c>roberta.embeddings.*</c>.</summary>
public static class ParameterFreezer
{
    /// <summary>Turns off the gradients of the parameters that a pattern names and returns the others, in the module's order.</summary>
    /// <param name="module">The module.</param>
    /// <param name="patterns">Whole names; <c>*</c> stands for any run of characters, <c>?</c> for one.</param>
    /// <exception cref="FinetuneException">A pattern names no parameter, or nothing is left to train; all of it is listed.</exception>
    public static IReadOnlyList<KeyValuePair<string, Parameter>> Apply(NamedParameterModule module, IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(patterns);
        if (Problems([.. module.Named.Keys], patterns) is { Count: > 0 } problems)
            throw new FinetuneException([.. problems.Select(p => $"freeze: {p.Message}")]);
        foreach (var (name, parameter) in module.Named) parameter.requires_grad = !patterns.Any(pattern => Matches(pattern, name));
        return [.. module.Named.Where(p => p.Value.requires_grad)];
    }

    /// <summary>
    /// What is wrong with patterns for parameters of these names: the pattern's index, -1 for all of them together, and a line.
    /// </summary>
    /// <param name="names">The names of the parameters that would be trained.</param>
    /// <param name="patterns">The patterns.</param>
    public static IReadOnlyList<(int Pattern, string Message)> Problems(IReadOnlyCollection<string> names, IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(patterns);
        var problems = new List<(int, string)>();
        for (int i = 0; i < patterns.Count; i++)
            if (!names.Any(name => Matches(patterns[i], name))) problems.Add((i, $"the pattern '{patterns[i]}' names no parameter"));
        if (names.All(name => patterns.Any(pattern => Matches(pattern, name)))) problems.Add((-1, "nothing is left to train"));
        return problems;
    }

    static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
