using DiffusionBatch.Diffusion.Data;

namespace DiffusionBatch.Diffusion.Tests.Data;

public sealed class DemonstrationsTests
{
    static readonly PromptTemplate s_template = new("Q: {source} A: ", "{target}.");
    static readonly TrainingPair[] s_pool = [.. Enumerable.Range(0, 20).Select(i => new TrainingPair($"p{i}", $"s{i}", $"t{i}"))];

    static string[] Of(string id, int count = 4, long seed = 1) =>
        new Demonstrations(s_pool, count, "|", seed).Before(id, s_template).Split('|', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Each_is_a_solved_pair_in_the_templates_and_none_occurs_twice()
    {
        for (int item = 0; item < 200; item++)
        {
            string[] drawn = Of($"item {item}");
            Assert.Equal(4, drawn.Distinct().Count());
            Assert.All(drawn, d => Assert.Contains(d, s_pool.Select(p => $"Q: {p.Source} A: {p.Target}.")));
        }
    }

    [Fact]
    public void An_item_is_never_its_own_demonstration()
    {
        Assert.All(s_pool, pair => Assert.DoesNotContain($"Q: {pair.Source} A: {pair.Target}.", Of(pair.Id, count: 19)));
        Assert.All(s_pool, pair => Assert.Equal(19, Of(pair.Id, count: 19).Length));
    }

    [Fact]
    public void The_seed_and_the_id_alone_decide()
    {
        Assert.Equal(Of("a"), Of("a"));
        Assert.NotEqual(Of("a"), Of("b"));
        Assert.NotEqual(Of("a"), Of("a", seed: 2));
    }

    [Fact]
    public void Every_pair_comes_equally_often()
    {
        const int items = 5000, count = 4;
        var times = Enumerable.Range(0, items).SelectMany(i => Of($"item {i}", count)).CountBy(d => d).ToDictionary();
        double expected = items * count / (double)s_pool.Length;
        double chiSquare = times.Values.Sum(n => Math.Pow(n - expected, 2) / expected);
        Assert.Equal(s_pool.Length, times.Count);
        Assert.True(chiSquare < 43.8, $"chi-square {chiSquare} of 19 degrees of freedom"); // p = 0.001
    }
}
