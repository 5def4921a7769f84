using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Diffusion.Tests.Training;

/// <summary>Small finetunes, and the files that they leave.</summary>
public abstract class FinetuneRuns : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static readonly TrainingPair[] Pairs = [.. Enumerable.Range(0, 48)
        .Select(i => new TrainingPair($"p{i}", Words(i, "eins zwei drei vier fünf"), Words(i, "one two three four five")))];

    /// <summary>The i-th of the word lists with two to four words, as a number in base five.</summary>
    static string Words(int i, string words)
    {
        string[] digits = words.Split(' ');
        return string.Join(' ', Enumerable.Range(0, 2 + i % 3).Select(k => digits[i / (int)Math.Pow(5, k % 2) % 5]));
    }

    private protected FinetuneRequest Request(string name, int checkpointEvery = 3, Precision precision = Precision.Float32) => new()
    {
        Model = new TrainingModel
        {
            New =
            new NewModel { HiddenSize = 16, Layers = 2, Heads = 2, FeedForwardSize = 32, MaxPositions = 64, Dropout = 0.1 },
            Tokenizer = new TokenizerSource { Train = TokenizerKind.Bpe, VocabularySize = 300 }
        },
        Train = Pairs,
        Validation = Pairs[..8],
        Template = new PromptTemplate("de {source} en ", "{target}"),
        MaxLength = 32,
        Objective = new ObjectiveSettings { LabelSmoothing = 0.1 },
        Training = new TrainingSettings
        {
            Steps = 12,
            BatchTokens = 160,
            Accumulate = 2,
            WarmupSteps = 3,
            LearningRate = 1e-2,
            EvaluateEvery = 5,
            CheckpointEvery = checkpointEvery,
            Precision = precision
        },
        LengthPredictor = new LengthPredictorTraining { Steps = 7 },
        Seed = 11,
        Output = Folder[name],
        Work = Folder[name + ".work"],
    };

    private protected static Dictionary<string, byte[]> Files(string path) =>
        Directory.GetFiles(path).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);

    private protected static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> found)
    {
        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        foreach (var (name, bytes) in expected) Assert.True(bytes.AsSpan().SequenceEqual(found[name]), $"{name} differs");
    }
}
