using System.Reflection;
using TorchSharp;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Api;

/// <summary>
/// No public member without a test: whatever the stand-in shows is called from this assembly. The calls are read from
/// the assembly's own metadata (what its code refers to), so a member counts overload by overload.
/// </summary>
public sealed class CoverageTests
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    const int MemberReference = 0x0A000000, MethodSpecification = 0x2B000000;

    [Fact]
    public void Every_public_member_is_called_by_a_test()
    {
        HashSet<(Module, int)> called = Called(Assembly.GetExecutingAssembly());
        string[] untested = [.. typeof(torch).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(Declared).Where(m => !IsCalled(m, called)).Select(m => $"{type.FullName}: {m}"))
            .Order(StringComparer.Ordinal)];
        Assert.True(untested.Length == 0, $"{untested.Length} public members are not called by any test:\n{string.Join('\n', untested)}");
    }

    static bool IsCalled(MemberInfo member, HashSet<(Module, int)> called) => member switch
    {
        // Accessors are seen at their properties; overrides are called by the name of what they override.
        MethodInfo { IsSpecialName: true } m when !m.Name.StartsWith("op_", StringComparison.Ordinal) => true,
        MethodInfo m when m.GetBaseDefinition() != m => true,
        PropertyInfo p => p.GetAccessors().Any(a => IsReferred(a, called) || a.GetBaseDefinition() != a),
        // The compiler writes a constant's value in place of its name.
        FieldInfo { IsLiteral: true } or FieldInfo { IsSpecialName: true } or Type => true,
        // A delegate's machinery, and an abstract class's constructor, are called by whoever derives or converts.
        MethodBase { DeclaringType: { } d } when d.IsSubclassOf(typeof(Delegate)) => true,
        ConstructorInfo { DeclaringType.IsAbstract: true } => true,
        _ => IsReferred(member, called),
    };

    static bool IsReferred(MemberInfo member, HashSet<(Module, int)> called) => called.Contains((member.Module, member.MetadataToken));

    static HashSet<(Module, int)> Called(Assembly assembly)
    {
        var found = new HashSet<(Module, int)>();
        foreach (int table in (int[])[MemberReference, MethodSpecification])
            for (int row = 1; TryResolve(assembly.ManifestModule, table + row, out MemberInfo? member); row++)
                if (member is not null) found.Add((member.Module, member.MetadataToken));
        return found;
    }

    /// <summary>False past the end of the table; a member that doesn't resolve without a context is null.</summary>
    static bool TryResolve(Module module, int token, out MemberInfo? member)
    {
        member = null;
        try
        {
            member = module.ResolveMember(token);
            // A member of a constructed type or a constructed method has the token of its definition.
            if (member is MethodInfo { IsGenericMethod: true } generic) member = generic.GetGenericMethodDefinition();
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
        catch (Exception e) when (e is BadImageFormatException or ArgumentException or TypeLoadException or FileNotFoundException)
        {
            return true;
        }
    }
}
