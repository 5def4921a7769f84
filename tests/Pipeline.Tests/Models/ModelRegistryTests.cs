using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Models;

public sealed class ModelRegistryTests : IAsyncDisposable
{
    readonly PipelineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    ModelRegistry Registry => new(_rig.Store, _rig.Index.Caches);

    async Task<string[]> NamesAsync() => [.. (await Registry.ListAsync(default)).Select(m => $"{m.Entry.Name}={m.Entry.Folder}")];

    [Fact]
    public async Task Without_a_registry_adapted_folders_are_models_and_with_one_what_it_names()
    {
        Assert.Empty(await NamesAsync());
        _rig.Root.Write("models/b/diffusion.json", "{}");
        _rig.Root.Write("models/a.1/diffusion.json", "{}");
        _rig.Root.Write("models/deep/er/diffusion.json", "{}");
        Assert.Equal(["a.1=models/a.1", "b=models/b"], await NamesAsync());
        Assert.True(await Registry.PutAsync(new ModelView { Name = "x", Folder = "models/m", Sampler = new JsonObject { ["steps"] = 4 } },
            default));
        Assert.False(await Registry.PutAsync(new ModelView { Name = "x", Folder = "models/b" }, default));
        Assert.True(await Registry.PutAsync(new ModelView { Name = "b:v1", Folder = "models/b" }, default));
        Assert.Equal(["b:v1=models/b", "x=models/b"], await NamesAsync());
        Assert.True(await Registry.DeleteAsync("x", default));
        Assert.False(await Registry.DeleteAsync("x", default));
        Assert.Equal(["b:v1=models/b"], await NamesAsync());
    }

    [Fact]
    public async Task Entries_that_are_put_at_once_are_all_there()
    {
        await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => Registry.PutAsync(new ModelView { Name = $"m{i}", Folder = "models/m" }, default)));
        Assert.Equal(8, (await NamesAsync()).Length);
    }

    [Theory]
    [InlineData("a/b", "models/m", null, null, "/name")]
    [InlineData("", "models/m", null, null, "/name")]
    [InlineData("a", "../m", null, null, "/folder")]
    [InlineData("a", ".dbatch/x", null, null, "/folder")]
    [InlineData("a", "models/none", null, null, "/folder")]
    [InlineData("a", "models/m", "no place", null, "/template/user")]
    [InlineData("a", "models/m", null, """{"steps":0}""", "/sampler/steps")]
    [InlineData("a", "models/m", null, """{"steps":[1]}""", "/sampler")]
    public async Task A_bad_entry_is_refused_where_it_is_bad(string name, string folder, string? user, string? sampler, string pointer)
    {
        var entry = new ModelView
        {
            Name = name,
            Folder = folder,
            Template = user is null ? null : new ChatTemplateView { User = user },
            Sampler = sampler is null ? null : (JsonObject)JsonNode.Parse(sampler)!,
        };
        ProblemsException refused = await Assert.ThrowsAsync<ProblemsException>(() => Registry.PutAsync(entry, default));
        Assert.Equal(pointer, refused.Problems[0].Pointer);
        Assert.Empty(await NamesAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"models":[{"name":"a","folder":"models/m"},{"name":"a","folder":"models/m"}]}""")]
    public async Task A_registry_that_cannot_be_read_says_so(string text)
    {
        _rig.Root.Write("models.json", text);
        ProblemsException refused = await Assert.ThrowsAsync<ProblemsException>(NamesAsync);
        Assert.Equal("models.json", refused.Problems[0].File);
    }
}
