namespace TorchSharp;

/// <summary>Disposes, at its end, every tensor that was made on its thread while it was the innermost scope.</summary>
public sealed class DisposeScope : IDisposable
{
    readonly DisposeScopeManager manager;
    IDisposable?[] held = DisposeScopeManager.RentSlots();
    int count;

    internal DisposeScope(DisposeScopeManager manager) => this.manager = manager;

    /// <summary>How many disposables the scope holds now.</summary>
    public int DisposablesCount => count;

    internal DisposeScope? Outer
    {
        get
        {
            int at = manager.Stack.LastIndexOf(this);
            return at > 0 ? manager.Stack[at - 1] : null;
        }
    }

    /// <summary>Takes in what the scope doesn't hold yet. A tensor knows its slot, so that it is found again at once.</summary>
    internal void Include(IDisposable disposable)
    {
        if (count == held.Length) Array.Resize(ref held, Math.Max(16, 2 * count));
        if (disposable is torch.Tensor tensor) tensor.scopeSlot = count;
        held[count++] = disposable;
    }

    /// <summary>Lets go of a disposable; false where the scope doesn't hold it.</summary>
    internal bool Forget(IDisposable disposable)
    {
        int slot = SlotOf(disposable);
        if (slot < 0) return false;
        IDisposable last = held[--count]!;
        held[count] = null;
        if (slot == count) return true;
        held[slot] = last;
        if (last is torch.Tensor tensor) tensor.scopeSlot = slot;
        return true;
    }

    int SlotOf(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor) return tensor.scopeSlot < count && ReferenceEquals(held[tensor.scopeSlot], tensor) ? tensor.scopeSlot : -1;
        for (int i = 0; i < count; i++)
            if (ReferenceEquals(held[i], disposable)) return i;
        return -1;
    }

    /// <summary>What the scope holds now.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => [.. held.AsSpan(0, count)!];

    /// <summary>Lets go of what was disposed by other means.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        Forget(disposable);
        if (disposable is torch.Tensor tensor) tensor.OwningDisposeScope = null;
    }

    /// <summary>True when the scope holds <paramref name="disposable"/>.</summary>
    public bool Contains(IDisposable disposable) => SlotOf(disposable) >= 0;

    /// <summary>Moves one disposable to the scope around this one; with none around it, it is detached.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        Move(Outer, disposable);
        return disposable;
    }

    /// <inheritdoc cref="MoveToOuter{T}(T)"/>
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        MoveToOuter([first, second]);
        return (first, second);
    }

    /// <inheritdoc cref="MoveToOuter{T}(T)"/>
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        MoveToOuter([first, second, third]);
        return (first, second, third);
    }

    /// <inheritdoc cref="MoveToOuter{T}(T)"/>
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    /// <inheritdoc cref="MoveToOuter{T}(T)"/>
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => Move(Outer, disposables);

    /// <summary>Moves one disposable to another scope; to none with null.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Move(scope, disposable);
        return disposable;
    }

    /// <inheritdoc cref="MoveToOther{T}(DisposeScope?, T)"/>
    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        Move(scope, [first, second]);
        return (first, second);
    }

    /// <inheritdoc cref="MoveToOther{T}(DisposeScope?, T)"/>
    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        Move(scope, [first, second, third]);
        return (first, second, third);
    }

    /// <inheritdoc cref="MoveToOther{T}(DisposeScope?, T)"/>
    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => Move(scope, disposables);

    /// <inheritdoc cref="MoveToOther{T}(DisposeScope?, T)"/>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables) => Move(scope, disposables);

    /// <summary>Takes a disposable out of the scope: from now on it is its owner's to dispose.</summary>
    public T Detach<T>(T disposable) where T : IDisposable
    {
        Move(null, disposable);
        return disposable;
    }

    /// <inheritdoc cref="Detach{T}(T)"/>
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        Move(null, [first, second]);
        return (first, second);
    }

    /// <inheritdoc cref="Detach{T}(T)"/>
    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        Move(null, [first, second, third]);
        return (first, second, third);
    }

    /// <inheritdoc cref="Detach{T}(T)"/>
    public void Detach(params IDisposable[] disposables) => Move(null, disposables);

    /// <inheritdoc cref="Detach{T}(T)"/>
    public void Detach(IEnumerable<IDisposable> disposables) => Move(null, disposables);

    /// <summary>Takes a disposable into the scope.</summary>
    public void Attach(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor)
        {
            if (tensor.OwningDisposeScope == this) return;
            tensor.OwningDisposeScope?.Forget(tensor);
            tensor.OwningDisposeScope = this;
            manager.Counts.TensorStatistics.AttachedToScopeCount++;
        }
        else if (Contains(disposable)) return;
        Include(disposable);
    }

    /// <inheritdoc cref="Attach(IDisposable)"/>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        List<IDisposable> all = [.. disposables];
        foreach (IDisposable d in all) Attach(d);
        return all;
    }

    /// <inheritdoc cref="Attach(IDisposable)"/>
    public void Attach(params IDisposable[] disposables)
    {
        foreach (IDisposable d in disposables) Attach(d);
    }

    /// <summary>Disposes all that the scope holds; the scope goes on.</summary>
    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    /// <summary>Disposes all that the scope holds except <paramref name="keep"/>.</summary>
    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    /// <summary>Disposes all that the scope holds except <paramref name="inKeep"/>.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        HashSet<IDisposable>? keep = inKeep is IDisposable[] { Length: 0 } ? null : new(inKeep, ReferenceEqualityComparer.Instance);
        IDisposable?[] all = held;
        int number = count;
        held = DisposeScopeManager.RentSlots();
        count = 0;
        for (int i = 0; i < number; i++)
        {
            IDisposable d = all[i]!;
            if (d is torch.Tensor tensor && tensor.OwningDisposeScope != this) continue; // went with another one's disposal
            if (keep is not null && keep.Contains(d)) Include(d);
            else d.Dispose();
        }
        DisposeScopeManager.ReturnSlots(all, number);
    }

    /// <inheritdoc cref="DisposeEverythingBut(IDisposable[])"/>
    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    /// <inheritdoc cref="DisposeEverythingBut(IDisposable[])"/>
    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    /// <inheritdoc cref="DisposeEverythingBut(IDisposable[])"/>
    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    /// <summary>Disposes all that the scope holds and ends the scope.</summary>
    public void Dispose()
    {
        DisposeEverything();
        manager.Remove(this);
        DisposeScopeManager.ReturnSlots(held, count);
        held = [];
    }

    void Move(DisposeScope? target, IEnumerable<IDisposable> moved)
    {
        foreach (IDisposable d in moved) Move(target, d);
    }

    void Move(DisposeScope? target, IDisposable moved)
    {
        if (!Forget(moved)) return;
        if (moved is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = target;
            if (target is null) manager.Counts.TensorStatistics.DetachedFromScopeCount++;
        }
        target?.Include(moved);
    }
}
