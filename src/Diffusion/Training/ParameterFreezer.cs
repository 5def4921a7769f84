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
        var problems = patterns.Where(p => !module.Named.Keys.Any(name => Matches(p, name)))
            .Select(p => $"freeze: the pattern '{p}' names no parameter").ToList();
        var trained = module.Named.Where(p => !patterns.Any(pattern => Matches(pattern, p.Key))).ToList();
        if (trained.Count == 0) problems.Add("freeze: nothing is left to train");
        if (problems.Count > 0) throw new FinetuneException(problems);
        foreach (var (name, parameter) in module.Named) parameter.requires_grad = !patterns.Any(pattern => Matches(pattern, name));
        return trained;
    }

    static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
