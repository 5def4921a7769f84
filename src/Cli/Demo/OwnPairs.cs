using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Demo;

/// <summary>The user's own pairs, for <c>dbatch demo --data FILE</c>.</summary>
internal static class OwnPairs
{
    /// <summary>Reads and checks a JSONL file of pairs.</summary>
    /// <exception cref="ProblemsException">The file is missing, empty or has bad lines.</exception>
    public static IReadOnlyList<MessagePair> Read(string path, CancellationToken cancellationToken)
    {
        InputCheck check = InputReader.Check(path, path, InputUse.Pairs, cancellationToken);
        if (check.Problems.Count > 0) throw new ProblemsException(check.Problems);
        return [.. InputReader.ReadPairs(path, path).Where(p => p.Error is null).Select(p => new MessagePair(p.Id, p.Source ?? "", p.Targets[0]))];
    }
}
