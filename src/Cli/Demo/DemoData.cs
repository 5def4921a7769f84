using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Demo;

/// <summary>The demo's three files of pairs.</summary>
internal static class DemoData
{
    /// <summary>Splits the pairs and writes the files under the demo's folder.</summary>
    /// <returns>How many pairs each has.</returns>
    /// <exception cref="UserException">Too few pairs for a split.</exception>
    public static (int Train, int Validation, int Test) Write(string root, IReadOnlyList<MessagePair> pairs, DemoSettings settings)
    {
        CorpusSplit split = CorpusSplit.Of(pairs);
        MessagePair[] validation = [.. split.Validation.Take(settings.ValidationPairs)], test = [.. split.Test.Take(settings.TestPairs)];
        if (split.Train.Count == 0 || validation.Length == 0 || test.Length == 0)
            throw new UserException(
                $"{pairs.Count} pairs are too few: some hundreds are needed for a training, a validation and a test part");
        PairFile.Write(Path.Combine(root, DemoManifest.Train), split.Train);
        PairFile.Write(Path.Combine(root, DemoManifest.Validation), validation);
        PairFile.Write(Path.Combine(root, DemoManifest.Test), test);
        return (split.Train.Count, validation.Length, test.Length);
    }
}

/// <summary>The user's own pairs, for <c>dbatch demo --data FILE</c>.</summary>
internal static class OwnPairs
{
    /// <summary>Reads and checks a JSONL file of pairs.</summary>
    /// <exception cref="ProblemsException">The file is missing, empty or has bad lines.</exception>
    public static IReadOnlyList<MessagePair> Read(string path, CancellationToken cancellationToken)
    {
        InputCheck check = InputReader.Check(path, path, InputUse.Pairs, cancellationToken);
        if (check.Problems.Count > 0) throw new ProblemsException(check.Problems);
        return [.. InputReader.ReadPairs(path, path).Where(p => p.Error is null)
            .Select(p => new MessagePair(p.Id, p.Source ?? "", p.Targets[0]))];
    }
}
