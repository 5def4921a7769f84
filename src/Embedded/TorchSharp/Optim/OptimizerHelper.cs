using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What optimizers have in common: groups, states, saving and loading.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    /// <summary>What stands for the options that a group leaves open.</summary>
    protected OptimizerOptions _defaults = new();

    public OptimizerHelper()
    {
    }

    /// <summary>Fills the gradients that there are with zeros.</summary>
    public override void zero_grad()
    {
        using IDisposable mode = no_grad();
        foreach (Parameter parameter in parameters())
            if (parameter.gradient is { } gradient) Copy.Zero(gradient);
    }

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(g => g.Parameters);

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    /// <summary>Moves all states; there is but one device here.</summary>
    public void to(Device device)
    {
        foreach (OptimizerState state in parameters().Where(states.ContainsKey).Select(p => states[p])) state.to(device);
    }

    /// <summary>The options and states themselves, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (ParamGroup group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            var indices = new List<int>();
            dictionary.StateIndexRef.Add(indices);
            foreach (Parameter parameter in group.Parameters)
            {
                indices.Add(dictionary.State.Count);
                dictionary.State.Add(states[parameter]);
            }
        }
        return dictionary;
    }

    /// <summary>Copies options and states of an optimizer of the same kind over parameters of the same shapes.</summary>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        StateDictionary own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        for (int i = 0; i < own.Options.Count; i++)
            if (!ReferenceEquals(own.Options[i], state_dict.Options[i])) own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (int i = 0; i < own.State.Count; i++)
            if (!ReferenceEquals(own.State[i], state_dict.State[i])) own.State[i].LoadStateDict(state_dict.State[i]);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Writes the kind of optimizer, the numbers of groups and parameters, the options and the states.</summary>
    public void save_state_dict(BinaryWriter writer)
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
    public void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string name = reader.ReadString();
        if (name != GetType().Name) throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{name}' in the loaded stream.");
        int options = reader.Read7BitEncodedInt(), count = reader.Read7BitEncodedInt();
        StateDictionary own = state_dict();
        CheckCounts(own, options, count);
        foreach (OptimizerOptions o in own.Options) o.LoadStateDict(reader);
        foreach (OptimizerState state in own.State) state.LoadStateDict(reader);
    }

    static void CheckCounts(StateDictionary own, int options, int states)
    {
        if (options != own.Options.Count) throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (states != own.State.Count) throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }

    /// <summary>Runs a step's body over the groups, after the loss of the closure where there is one, which is given back.</summary>
    protected Tensor _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        ArgumentNullException.ThrowIfNull(body);
        Tensor? loss = null;
        if (loss_closure is not null)
            using (enable_grad()) loss = loss_closure();
        using (no_grad())
        using (NewDisposeScope())
            foreach (ParamGroup group in _parameter_groups) body((T)group);
        return loss!;
    }

    /// <summary>Takes what stands for open options, and the first groups.</summary>
    private protected void Begin(OptimizerOptions defaults, IEnumerable<ParamGroup> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _defaults = defaults;
        foreach (ParamGroup group in parameters) add_param_group(group);
    }

    /// <summary>Sets the decay rates of all groups, and of those to come.</summary>
    private protected void SetBetas((double, double) betas)
    {
        _defaults.Betas = betas;
        foreach (ParamGroup group in _parameter_groups) group.Options.Betas = betas;
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    private protected void Include<TOptions>(ParamGroup param_group, Func<Parameter, OptimizerState> make) where TOptions : OptimizerOptions, new()
    {
        ArgumentNullException.ThrowIfNull(param_group);
        OptimizerOptions options = param_group.Options as TOptions ?? new TOptions();
        options.Complete(_defaults);
        param_group.Options = options;
        param_group.Parameters = [.. param_group.Parameters];
        _parameter_groups.Add(param_group);
        foreach (Parameter parameter in param_group.Parameters)
        {
            OptimizerState state = make(parameter);
            state.Initialize(options);
            states[parameter] = state;
        }
    }

    /// <summary>Calls a step's body on each parameter that has a gradient, with its state.</summary>
    private protected void Each<TState>(ParamGroup group, Action<Parameter, Tensor, TState> body) where TState : OptimizerState
    {
        foreach (Parameter parameter in group.Parameters)
        {
            if (parameter.gradient is not { } gradient) continue;
            body(parameter, gradient, (TState)states[parameter]);
        }
    }

    /// <summary>The same, with the gradient turned round where the aim is a maximum, and with L2 decay added.</summary>
    private protected void Each<TState>(ParamGroup group, double decay, bool maximize, Action<Parameter, Tensor, TState> body) where TState : OptimizerState
    {
        Each<TState>(group, (parameter, gradient, state) =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor g = maximize ? gradient.neg() : gradient;
            if (decay != 0) g = g.add(parameter.detach(), decay);
            body(parameter, g, state);
        });
    }

    private protected override void Release()
    {
        foreach (OptimizerState state in states.Values) (state as IDisposable)?.Dispose();
        states.Clear();
    }
}
