using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

public sealed class ListsTests
{
    sealed class Model : nn.Module
    {
        public readonly ModuleList<Linear> layers = new(nn.Linear(1, 1), nn.Linear(2, 2));

        public Model() : base(nameof(Model)) => RegisterComponents();
    }

    [Fact]
    public void A_list_of_modules_is_numbered_again_with_each_change()
    {
        using var model = new Model();
        ModuleList<Linear> list = model.layers;
        Linear a = list[0], b = list[1], c = nn.Linear(3, 3), d = nn.Linear(4, 4), e = nn.Linear(5, 5);
        list.Add(c);
        list.append(d);
        list.extend([e]);
        Assert.Equal((5, false), (list.Count, list.IsReadOnly));
        Widths(1, 2, 3, 4, 5);
        Assert.True(list.Remove(b));
        Assert.False(list.Remove(b));
        Widths(1, 3, 4, 5);
        list.Insert(1, b);
        list.RemoveAt(0);
        Widths(2, 3, 4, 5);
        list[3] = a;
        Widths(2, 3, 4, 1);
        Assert.Equal((2, -1), (list.IndexOf(d), list.IndexOf(e)));
        Assert.True(list.Contains(a) && !list.Contains(e));
        var copy = new Linear[5];
        list.CopyTo(copy, 1);
        Assert.Equal([null!, b, c, d, a], copy);
        list.Clear();
        Assert.Empty(model.parameters());
        Assert.Throws<ArgumentOutOfRangeException>(() => list[0]);

        void Widths(params long[] widths)
        {
            Assert.Equal(widths, list.Select(m => m.in_features));
            Assert.Equal(Enumerable.Range(0, widths.Length).Select(i => $"layers.{i}.weight"), model.named_parameters().Select(p => p.name).Where(n => n.EndsWith("weight", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_list_of_any_modules()
    {
        nn.Module[] modules = [nn.ReLU(), nn.Linear(1, 1)];
        using ModuleList<nn.Module> list = nn.ModuleList(modules);
        Assert.Equal(modules, list);
        using ModuleDict<nn.Module> dict = new() { ("r", modules[0]), ("l", modules[1]) };
        var walked = new List<string>();
        foreach ((string name, nn.Module module) in dict) walked.Add($"{name} {module.GetName()}");
        Assert.Equal(["r ReLU", "l Linear"], walked);
        dict.Clear();
        Assert.Empty(dict.keys());
    }

    [Fact]
    public void A_list_of_parameters_is_walked()
    {
        using DisposeScope scope = NewDisposeScope();
        var a = new Parameter(ones(1));
        using var list = new ParameterList(a, new Parameter(ones(2)));
        long total = 0;
        foreach (Parameter p in list) total += p.numel();
        Assert.Equal(3, total);
        Assert.Same(a, list.get_parameter("0"));
    }

    [Fact]
    public void Parameters_by_name_in_all_forms()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = new(ones(1)), b = new(ones(2)), c = new(ones(3));
        using var dict = new ParameterDict { ("a", a), new KeyValuePair<string, Parameter>("b", b) };
        dict.Insert(0, ("c", c));
        Assert.Equal((3, false), (dict.Count, dict.IsReadOnly));
        Assert.Equal(["c", "a", "b"], dict.named_parameters().Select(p => p.name));
        Assert.Equal(["c", "a", "b"], dict.Keys);
        Assert.Equal(["c", "a", "b"], dict.keys());
        Assert.Equal([3L, 1, 2], dict.Values.Select(p => p.numel()));
        Assert.Equal([3L, 1, 2], dict.values().Select(p => p.numel()));
        Assert.Equal(("a", a), dict[1]);
        Assert.Equal((1, -1), (dict.IndexOf(("a", a)), dict.IndexOf(("a", b))));
        Assert.True(dict.Contains(("a", a)) && !dict.Contains(("a", c)));
        Assert.True(dict.Contains(new KeyValuePair<string, Parameter>("b", b)) && !dict.Contains(new KeyValuePair<string, Parameter>("b", c)));
        Assert.True(dict.ContainsKey("c") && !dict.ContainsKey("d"));
        Assert.True(dict.TryGetValue("c", out Parameter? found) && !dict.TryGetValue("d", out _));
        Assert.Same(c, found);
        Assert.Throws<ArgumentException>(() => dict.Add(("a", c)));
        var pairs = new KeyValuePair<string, Parameter>[3];
        dict.CopyTo(pairs, 0);
        var tuples = new (string, Parameter)[4];
        dict.CopyTo(tuples, 1);
        Assert.Equal([null!, "c", "a", "b"], tuples.Select(t => t.Item1));
        Assert.Same(b, pairs[2].Value);
        var walked = new List<string>();
        foreach ((string name, Parameter p) in dict) walked.Add($"{name}{p.numel()}");
        using (IEnumerator<(string, Parameter)> items = dict.items())
            while (items.MoveNext()) walked.Add(items.Current.Item1);
        Assert.Equal(["c3", "a1", "b2", "c", "a", "b"], walked);
        Assert.True(dict.Remove(("c", c)) && !dict.Remove(("a", b)));
        Assert.True(dict.Remove(pairs[2]) && !dict.Remove(pairs[2]));
        dict[0] = ("z", b);
        Assert.Equal(["z"], dict.named_parameters().Select(p => p.name));
        dict.RemoveAt(0);
        Assert.Throws<IndexOutOfRangeException>(() => dict.RemoveAt(0));
        dict.Add("y", a);
        dict.clear();
        Assert.Empty(dict.parameters());
        Assert.Throws<KeyNotFoundException>(() => dict["y"]);
    }
}
