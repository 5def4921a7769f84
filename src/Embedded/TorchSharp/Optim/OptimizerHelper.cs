using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What optimizers have in common: groups, states, saving and loading.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    internal IEnumerable<OptimizerState> States => parameters().Where(states.ContainsKey).Select(p => states[p]);

    internal OptimizerState StateOf(Parameter parameter) => states[parameter];

    internal void SetState(Parameter parameter, OptimizerState state) => states[parameter] = state;

    /// <summary>Drops all gradients.</summary>
    public override void zero_grad() => base.zero_grad();

    public override IEnumerable<Parameter> parameters() => base.parameters();

    /// <summary>The options and states themselves, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (ParamGroup group in _parameter_groups) dictionary.Options.Add(group.Options);
        dictionary.State.AddRange(States);
        return dictionary;
    }

    /// <summary>Copies options and states of an optimizer of the same kind over parameters of the same shapes.</summary>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        List<OptimizerState> own = [.. States];
        if (state_dict.Options.Count != _parameter_groups.Count || state_dict.State.Count != own.Count)
            throw new ArgumentException("The loaded optimizer state does not match this optimizer's parameter groups and parameters.");
        for (int i = 0; i < own.Count; i++)
            if (state_dict.State[i].GetType() != own[i].GetType()) throw new ArgumentException("The loaded optimizer state is of another kind of optimizer.");
        for (int i = 0; i < _parameter_groups.Count; i++) _parameter_groups[i].Options.LoadStateDict(state_dict.Options[i]);
        for (int i = 0; i < own.Count; i++) own[i].LoadStateDict(state_dict.State[i]);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Writes the kind of optimizer, its options and its states.</summary>
    public virtual void save_state_dict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(GetType().Name);
        StateDictionary dictionary = state_dict();
        writer.Write7BitEncodedInt(dictionary.Options.Count);
        writer.Write7BitEncodedInt(dictionary.State.Count);
        foreach (OptimizerOptions options in dictionary.Options) options.SaveStateDict(writer);
        foreach (OptimizerState state in dictionary.State) state.SaveStateDict(writer);
        writer.Flush();
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote.</summary>
    public virtual void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string name = reader.ReadString();
        if (name != GetType().Name) throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}' but found '{name}' in the loaded stream.");
        int options = reader.Read7BitEncodedInt(), count = reader.Read7BitEncodedInt();
        List<OptimizerState> own = [.. States];
        if (options != _parameter_groups.Count || count != own.Count)
            throw new InvalidDataException($"Different number of parameter groups or parameters: expected {_parameter_groups.Count} and {own.Count}, found {options} and {count}.");
        foreach (ParamGroup group in _parameter_groups) group.Options.LoadStateDict(reader);
        foreach (OptimizerState state in own) state.LoadStateDict(reader);
    }

    /// <summary>Runs a step's body over the groups, after the loss of the closure where there is one.</summary>
    internal Tensor Step<T>(Action<T> body, Func<Tensor>? closure) where T : ParamGroup
    {
        Tensor? loss = null;
        if (closure is not null)
            using (enable_grad()) loss = closure();
        using (no_grad())
        using (DisposeScope scope = NewDisposeScope())
            foreach (ParamGroup group in _parameter_groups) body((T)group);
        return loss!;
    }

    /// <summary>Disposes the states; what the optimizers' Dispose comes down to.</summary>
    private protected void DisposeStates()
    {
        foreach (OptimizerState state in states.Values) (state as IDisposable)?.Dispose();
        states.Clear();
    }
}
