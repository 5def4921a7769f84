using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Tests.Models;

public sealed class ModelCacheTests
{
    static string First => SharedData.Require("data/models/stories260K");

    static string Second => SharedData.Require("data/models/rxnmapper-albert");

    static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);

    [Fact]
    public void Small_models_that_take_turns_are_loaded_once()
    {
        using var cache = new ModelCache(null, Bytes(First) + Bytes(Second));
        var (first, second) = (cache.Get(First, "a"), cache.Get(Second, "b"));
        Assert.Same(first, cache.Get(First, "a"));
        Assert.Same(second, cache.Get(Second, "b"));
        cache.Clear();
        Assert.NotSame(first, cache.Get(First, "a"));
    }

    [Fact]
    public void The_one_that_was_not_used_for_longest_makes_room()
    {
        using var cache = new ModelCache(null, Bytes(First) + Bytes(Second) - 1);
        var first = cache.Get(First, "a");
        var second = cache.Get(Second, "b");
        Assert.Same(second, cache.Get(Second, "b"));
        Assert.NotSame(first, cache.Get(First, "a"));
        Assert.NotSame(second, cache.Get(Second, "b"));
    }

    [Fact]
    public void One_is_kept_however_large_it_is_and_a_folder_that_is_none_takes_nothing_from_the_others()
    {
        using var cache = new ModelCache(null, 1);
        var first = cache.Get(First, "a");
        Assert.Same(first, cache.Get(First, "a"));
        using var root = new WorkRoot();
        root.Write("models/none/config.json", "{}");
        using var roomy = new ModelCache(null);
        var kept = roomy.Get(First, "a");
        Assert.Throws<ProblemsException>(() => roomy.Get(root.Path("models/none"), "models/none"));
        Assert.Same(kept, roomy.Get(First, "a"));
    }
}
