using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Adapters;

public sealed class LoraAdapterTests
{
    static readonly long[] Ids = [0, 5, 6, 7, 39, 39, 2];

    /// <summary>Updates of all projections of a model, B drawn too so that they change something.</summary>
    static LoraAdapter Attach(LanguageModel model)
    {
        var names = model.Projections.Keys.ToList();
        var adapter = new LoraAdapter(model, new LoraPlan { Rank = 3, Alpha = 5, Targets = names }, names);
        adapter.Initialise(4);
        return adapter;
    }

    static void Draw(LoraAdapter adapter)
    {
        using var quiet = no_grad();
        using var draws = new Generator(8, CPU);
        foreach (var (name, parameter) in adapter.Named)
            if (name.Contains("lora_B")) parameter.normal_(0, 0.3, draws);
    }

    static float[] Logits(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        model.eval();
        return model.Logits(model.Hidden(tensor(Ids, [1, 7]), ones([1, 7], dtype: @bool), parts: new CanvasParts([7], [3])).view(7, -1))
            .data<float>().ToArray();
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Merged_updates_give_the_logits_of_those_apart(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        float[] before = Logits(model);
        using var adapter = Attach(model);
        Assert.Equal(before, Logits(model)); // B is 0
        Draw(adapter);
        float[] apart = Logits(model);
        Assert.True(before.Zip(apart).Max(p => Math.Abs(p.First - p.Second)) > 0.1);
        adapter.Merge();
        Assert.All(apart.Zip(Logits(model)), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Every_projection_of_the_layers_can_be_named_and_gets_its_gradient(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        foreach (var parameter in model.Named.Values) parameter.requires_grad = false;
        using var adapter = Attach(model);
        Draw(adapter);
        using (NewDisposeScope())
        {
            model.eval();
            model.Logits(model.Hidden(tensor(Ids, [1, 7]), ones([1, 7], dtype: @bool), parts: new CanvasParts([7], [3])).view(7, -1))
                .square().mean().backward();
        }
        Assert.All(adapter.Named, p => Assert.True(p.Value.grad is { } grad && grad.abs().max().item<float>() > 0, p.Key));
        Assert.All(model.Named.Values, p => Assert.Null(p.grad));
        // What the settings find are the projections that the network has, no more and no less.
        var found = new LoraPlan { Targets = [.. model.Projections.Keys] }.Find(model.Config, []);
        Assert.Equal(model.Projections.Keys.Order(), found.Order());
        Assert.Equal(adapter.Named.Keys, LoraAdapter.ParameterNames([.. model.Projections.Keys]));
        Assert.Equal(model.Projections.Values.Sum(p => 3 * (p.Inputs + p.Outputs)), adapter.Named.Values.Sum(p => p.numel()));
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void All_two_dimensional_weights_are_tables_or_projections(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        var family = model.Config.Family;
        var weights = family.Layout(model.Config).Where(p => p.Shape.Length == 2 && !family.IsTable(p.Name)).Select(p => p.Name);
        Assert.Equal(weights.Order(), model.Projections.Keys.Select(name => name + ".weight").Order());
    }
}
