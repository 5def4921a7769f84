using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Sweeps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Items of one prompt share what they have in common: results are those of each alone, and told costs too.</summary>
public sealed class EqualPromptsTests
{
    static readonly SamplerSettings[] s_steps = [.. new[] { 3, 8 }.Select(s => SweepCases.Oracle(new() { Steps = s }))];

    [Fact]
    public void Items_of_one_prompt_give_what_each_gives_alone()
    {
        var (items, cells) = (Twice(SweepCases.Items(4)), SweepInvarianceTests.Mixed);
        var alone = items.SelectMany(i => SweepCases.Run(new FakeDenoiser(), [i], cells, trace: true)).ToDictionary();
        // With a token a batch the first of a prompt is done before the next comes; with many they go side by side.
        foreach (int batchTokens in new[] { 1, 300, 100_000 })
            foreach (var (key, together) in SweepCases.Run(new FakeDenoiser(), items, cells, batchTokens, trace: true))
            {
                SweepCases.AssertSame(alone[key], together);
                Assert.Equal(alone[key].Passes, together.Passes);
                // A canvas takes the fake a second a token; the others' times are measured.
                if (cells[key.Cell] is { Preset: not "autoregressive", Length.Source: "oracle" or "fixed" })
                    Assert.Equal(alone[key].Seconds, together.Seconds);
            }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Without_draws_an_equal_prompt_costs_no_pass_and_is_told_as_if_it_were_alone(int batchTokens)
    {
        var (once, twice) = (new FakeDenoiser(), new FakeDenoiser());
        var items = SweepCases.Items(12);
        SamplerSettings[] cells = [.. s_steps, new() { Steps = 5, Length = new() { Beam = 3 } }];
        long needed = SweepCases.Run(once, items, cells, batchTokens).Values.Sum(r => (long)r.Nfe);
        var both = SweepCases.Run(twice, Twice(items), cells, batchTokens);
        Assert.Equal(2 * needed, both.Values.Sum(r => (long)r.Nfe));
        Assert.Equal((once.Canvases, once.LengthsAsked), (twice.Canvases, twice.LengthsAsked));
        Assert.Equal(once.Batches.Sum(b => b.Tokens), twice.Batches.Sum(b => b.Tokens));
    }

    [Fact]
    public void With_draws_the_canvases_that_are_equal_are_computed_once_and_the_draws_differ()
    {
        var model = new FakeDenoiser();
        var cell = SweepCases.Oracle(new() { Steps = 4, Temperature = 1 });
        var item = new SampleItem { Id = "", PromptIds = [1, 2, 3], OracleLength = 9 };
        SampleItem[] items = [.. Enumerable.Range(0, 10).Select(i => item with { Id = "i" + i })];
        var results = SweepCases.Run(model, items, [cell]);
        Assert.InRange(results.Values.Select(r => string.Join(' ', r.Ids)).Distinct().Count(), 5, 10);
        Assert.InRange(model.Canvases, 20, results.Values.Sum(r => r.Nfe) - 9); // the first canvas, all masks, once
    }

    [Fact]
    public void Equal_ids_with_other_holes_are_another_prompt()
    {
        SampleItem[] items =
        [
            new() { Id = "a", PromptIds = [1, 11, 11, 2], Holes = [1, 2], LengthOverride = 0 },
            new() { Id = "b", PromptIds = [1, 11, 11, 2], Holes = [2], LengthOverride = 0 },
        ];
        var results = SweepCases.Run(new FakeDenoiser(), items, [new() { Steps = 2, Length = new() { Source = "fixed", Value = 1 } }]);
        Assert.Equal([2, 1], items.Select(i => results[(i.Id, 0)].Length));
    }

    [Fact]
    public void The_oldest_prompts_are_forgotten_beyond_a_bound()
    {
        var table = new PromptTable();
        SampleItem Item(int i) => new() { Id = "i" + i, PromptIds = [i, .. new int[1023]] };
        var first = table.Of(Item(0));
        for (int i = 0; i < 128; i++)
        {
            Assert.Same(first, table.Of(Item(0) with { Id = "another" }));
            table.Settle([table.Of(Item(i)), table.Of(Item(i))]);
        }
        Assert.Same(first, table.Of(Item(0)));
        table.Settle([table.Of(Item(128))]);
        Assert.NotSame(first, table.Of(Item(0)));
        Assert.Same(table.Of(Item(1)), table.Of(Item(1)));
    }

    static SampleItem[] Twice(SampleItem[] items) => [.. items, .. items.Select(i => i with { Id = i.Id + " again" }).Reverse()];
}
