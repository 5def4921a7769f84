using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Training;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>
/// A new XLM-R of random weights, and pairs of random tokens for it: what costs depends on shapes alone, but for the words.
/// </summary>
/// <param name="Name">The shape's name.</param>
/// <param name="Hidden">d; the feed-forward part is four times as wide.</param>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Vocabulary">V.</param>
internal sealed record RandomPairs(string Name, int Hidden, int Layers, int Heads, int Vocabulary)
{
    /// <summary>The longest canvas.</summary>
    internal const int Columns = 64;

    private const int Seed = 1, First = 4, LongestPrompt = 30, LongestResponse = 28;

    /// <summary>The shapes that have a name: for tests, XLM-R base's 278 million parameters, and XLM-R large's 560.</summary>
    internal static RandomPairs[] Known { get; } = [new("tiny", 32, 2, 2, 200), new("base", 768, 12, 12, 250002),
        new("large", 1024, 24, 16, 250002)];

    /// <summary>The special tokens.</summary>
    internal SpecialTokens Specials => new(0, 1, 2, 3, Vocabulary - 1);

    /// <summary>Numbers of the network's weights.</summary>
    internal long Parameters
    {
        get
        {
            var config = ModelConfig.Create(Spec, Vocabulary, Specials);
            return config.Family.Layout(config).Sum(p => p.Shape.Aggregate(1L, (count, size) => count * size));
        }
    }

    private NewModel Spec => new()
    {
        HiddenSize = Hidden,
        Layers = Layers,
        Heads = Heads,
        FeedForwardSize = 4 * Hidden,
        MaxPositions = Columns,
        VocabularySize = Vocabulary
    };

    /// <summary>The network, in evaluation.</summary>
    internal XlmRoberta Model(Device? device)
    {
        var model = new XlmRoberta(ModelConfig.Create(Spec, Vocabulary, Specials), device);
        model.Initialise(Seed);
        model.eval();
        return model;
    }

    /// <summary>A finetune of a new model, which keeps nothing but its work.</summary>
    /// <param name="folder">For its files.</param>
    /// <param name="pairs">How many pairs.</param>
    /// <param name="training">Steps and precision; nothing is evaluated and no checkpoint written.</param>
    /// <param name="device">Where; the CPU when null.</param>
    internal FinetuneRequest Finetune(string folder, int pairs, TrainingSettings training, Device? device) => new()
    {
        Model = new TrainingModel { New = Spec },
        Train = [.. Items(pairs).Select((item, i) =>
            TrainingPair.OfTokens(item.Id, item.PromptIds, Tokens(new Random(i), item.LengthOverride!.Value)))],
        MaxLength = Columns,
        Training = training with { WarmupSteps = 0, EvaluateEvery = 0, CheckpointEvery = 0 },
        Seed = Seed,
        Output = Path.Combine(folder, "trained"),
        Work = Path.Combine(folder, "work"),
        Device = device,
    };

    /// <summary>What is sampled: prompts of 3 to 30 tokens, responses of 2 to 28.</summary>
    internal IEnumerable<SampleItem> Items(int count)
    {
        var random = new Random(Seed);
        for (int i = 0; i < count; i++)
            yield return new SampleItem
            {
                Id = $"item-{i}",
                PromptIds = Tokens(random, random.Next(3, LongestPrompt + 1)),
                LengthOverride = random.Next(2, LongestResponse + 1)
            };
    }

    private int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(First, Vocabulary - 1))];
}
