using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

public sealed class ContainersTests
{
    sealed class Both : Sequential<Tensor, Tensor, Tensor>
    {
        public Both(params (string name, nn.Module submodule)[] modules) : base(modules)
        {
        }

        public override Tensor forward(Tensor input1, Tensor input2)
        {
            Tensor x = input1 + input2;
            for (int i = 0; i < Count; i++) x = ((nn.Module<Tensor, Tensor>)this[i]).call(x);
            return x;
        }

        protected override Sequential<Tensor, Tensor, Tensor> Slice(int start, int end) =>
            new Both([.. named_children().Skip(start).Take(end - start).Select(m => (m.name, m.module))]);
    }

    [Fact]
    public void A_sequence_is_cut_and_grows()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential whole = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1));
        Assert.Equal(3, whole.Count);
        Assert.IsType<ReLU>(whole[1]);
        Assert.Equal(["1", "2"], whole[1..].named_children().Select(m => m.name));
        Assert.Equal(["0"], whole[(null, 1)].named_children().Select(m => m.name));
        Assert.Throws<IndexOutOfRangeException>(() => whole[(0, 4)]);
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], whole.named_parameters().Select(p => p.name));
        Assert.True(whole[..2].call(ones(1, 2)).Equals(((nn.Module<Tensor, Tensor>)whole[0]).call(ones(1, 2)).relu()));
        Sequential named = nn.Sequential(Tuple.Create<string, nn.Module<Tensor, Tensor>>("a", nn.ReLU())).append("b", nn.Tanh()).append(nn.Sigmoid());
        Assert.Equal(["a", "b", "2"], named.named_children().Select(m => m.name));
        Assert.Equal("Sub-module a is already registered.", Assert.Throws<InvalidOperationException>(() => named.append("a", nn.ReLU())).Message);
        using Sequential many = nn.Sequential([("x", nn.ReLU())]), more = nn.Sequential([nn.ReLU(), nn.Tanh()]), none = nn.Sequential();
        Assert.Equal((1, 2, 0), (many.Count, more.Count, none.Count));
        Assert.True(none.call(ones(2)).Equals(ones(2)));
    }

    [Fact]
    public void A_sequence_of_two_inputs_is_called_as_its_class_says()
    {
        using DisposeScope scope = NewDisposeScope();
        using var both = new Both(("double", nn.ELU()), ("act", nn.ReLU()));
        both.append(nn.Threshold(0, 1)).append("last", nn.Identity());
        Assert.Equal([3f, 1f], both.call(tensor(new float[] { 1, -5 }), tensor(new float[] { 2, 1 })).data<float>().ToArray());
        Assert.Equal(["act", "2"], both[1..3].named_children().Select(m => m.name));
        Assert.Equal(2, both[(2, null)].Count);
        both.eval();
        Assert.All(both.modules(), m => Assert.False(m.training));
    }

    [Fact]
    public void Modules_by_name()
    {
        using ModuleDict<Linear> dict = nn.ModuleDict(("a", nn.Linear(1, 2)), ("b", nn.Linear(2, 3)));
        Assert.Equal(["a.weight", "a.bias", "b.weight", "b.bias"], dict.named_parameters().Select(p => p.name));
        Linear c = nn.Linear(3, 3);
        dict.Add("c", c);
        Assert.Same(c, dict["c"]);
        Assert.Equal(("c", c), dict[2]);
        Assert.Equal(["a", "b", "c"], dict.Keys);
        Assert.Equal(dict.keys(), dict.Keys);
        Assert.Equal(3, dict.Values.Count + dict.values().Count() - dict.Count);
        Assert.True(dict.ContainsKey("a") && dict.TryGetValue("a", out Linear? a) && dict.Contains(("a", a)) && dict.IndexOf(("a", a)) == 0);
        Assert.Throws<ArgumentException>(() => dict.Add(("a", c)));
        Assert.True(dict.Remove("a"));
        Assert.False(dict.Remove("a"));
        dict["b"] = c;
        dict.Insert(0, ("z", nn.Linear(1, 1)));
        dict[0] = ("y", dict[0].Item2);
        Assert.Equal(["y.weight", "y.bias", "b.weight", "b.bias"], dict.named_parameters().Select(p => p.name)); // "c" is the same as "b"
        var pairs = new KeyValuePair<string, Linear>[3];
        dict.CopyTo(pairs, 0);
        Assert.True(dict.Contains(pairs[0]) && dict.Remove(pairs[0]) && dict.Remove(("b", c)) && !dict.IsReadOnly);
        dict.Add(pairs[0]);
        var items = new (string, Linear)[2];
        dict.CopyTo(items, 0);
        Assert.Equal("c", items[0].Item1);
        dict.RemoveAt(1);
        using (IEnumerator<(string, Linear)> walk = dict.items()) Assert.True(walk.MoveNext() && !walk.MoveNext());
        dict.clear();
        Assert.Empty(dict.named_parameters());
        Assert.Throws<KeyNotFoundException>(() => dict["a"]);
        using ModuleDict<nn.Module> any = nn.ModuleDict(("r", (nn.Module)nn.ReLU()));
        Assert.Single(any.children());
    }

    [Fact]
    public void Parameters_by_name_and_by_number()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = nn.Parameter(ones(1)), b = nn.Parameter(ones(2)), c = nn.Parameter(ones(3));
        using ParameterDict dict = nn.ParameterDict(("a", a), ("b", b));
        dict.Add("c", c);
        Assert.Equal(["a", "b", "c"], dict.named_parameters().Select(p => p.name));
        Assert.Same(b, dict["b"]);
        Assert.Same(b, dict.get_parameter("b"));
        Assert.True(dict.has_parameter("c") && dict.Remove("c") && !dict.has_parameter("c"));
        dict.Clear();
        Assert.Empty(dict);
        using ParameterList list = nn.ParameterList(a, b);
        list.Add(c);
        Assert.Equal(["0", "1", "2"], list.named_parameters().Select(p => p.name));
        Assert.Equal(1, list.IndexOf(b));
        Assert.True(list.Remove(a) && !list.Contains(a) && list.Contains(c));
        list.Insert(0, a);
        list[1] = c;
        list.RemoveAt(2);
        list.extend([b]);
        list.append(nn.Parameter(ones(4)));
        Assert.Equal([1L, 3, 2, 4], list.Select(p => p.numel()));
        var copy = new Parameter[4];
        list.CopyTo(copy, 0);
        Assert.Same(list[0], copy[0]);
        list.Clear();
        Assert.Equal((0, false), (list.Count, list.IsReadOnly));
    }
}
