using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Bench;

/// <summary>
/// What it saves that a prompt which sees itself alone is computed once: one model of random weights under prefix attention, against the
/// same passes under full attention, in which every pass goes over the whole canvas. Only the work is compared; that kept prompts change
/// no token is held by a test.
/// </summary>
internal static class PromptBench
{
    private const int Vocabulary = 8_000;

    private static readonly (int Hidden, int Layers, int Prompt, int Response, int Items)[] s_cases =
        [(128, 3, 200, 20, 64), (256, 6, 200, 20, 64), (256, 6, 40, 20, 64), (768, 12, 200, 20, 8)];

    private static readonly Report s_report = new(
        ("model", -10), ("prompt", 6), ("response", 8), ("steps", 5), ("items", 5), ("kept s", 7), ("whole s", 7), ("ratio", 6));

    internal static int Run(BenchOptions options)
    {
        options.SetUpTorch();
        Console.WriteLine(Machine.Description);
        foreach (var (hidden, layers, prompt, response, items) in s_cases.Where(c => options.Wants($"{c.Layers} x {c.Hidden}, {c.Prompt}")))
            foreach (int steps in (int[])[1, 5, 20])
                Compare(hidden, layers, prompt, response, options.Count ?? items, steps, options);
        s_report.Save(options, null);
        return 0;
    }

    private static void Compare(int hidden, int layers, int prompt, int response, int count, int steps, BenchOptions options)
    {
        var specials = new SpecialTokens(0, 1, 2, 3, Vocabulary - 1);
        var config = ModelConfig.Create(new NewModel
        {
            HiddenSize = hidden,
            Layers = layers,
            Heads = hidden >= 768 ? 12 : 4,
            FeedForwardSize = 4 * hidden,
            MaxPositions = 256
        }, Vocabulary, specials);
        using var model = new XlmRoberta(config, null);
        model.Initialise(1);
        SampleItem[] items = [.. Enumerable.Range(0, count).Select(i =>
        {
            var draws = CounterRandom.For(1, "prompts").At(i);
            return new SampleItem { Id = $"{i}", LengthOverride = response,
                PromptIds = [0, .. Enumerable.Range(0, prompt - 1).Select(p => 4 + draws.Integer(p, Vocabulary - 5))] };
        })];
        SamplerSettings[] cells = [new() { Steps = steps, Length = new LengthSettings { Source = "fixed", Value = 1 } }];
        var (ours, other) = Duel.Run(Duel.Loop(() => Sample(AttentionKind.Prefix)), Duel.Loop(() => Sample(AttentionKind.Full)),
            options.Runs ?? 5);
        s_report.Row(string.Create(CultureInfo.InvariantCulture, $"{layers} x {hidden}"), prompt, response, steps, items.Length,
            ours.Median, other!.Value.Median, other.Value.Median / ours.Median);

        // A sampler of its own each time, which knows no prompt yet.
        void Sample(AttentionKind attention)
        {
            var sampler = new SweepSampler(model, null, specials, new SweepOptions { Seed = 1 }, attention);
            foreach (var result in sampler.Run(items, cells))
                if (result.Error is not null) throw new InvalidOperationException($"{result.Id}: {result.Error}");
        }
    }
}
