using System.Reflection;
using System.Reflection.Emit;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Hosting;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class FunctionCatalogTests
{
    public static class Sample
    {
        [Function("Echo")]
        public static IResult Echo([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "echo/{word}")] HttpRequest request, string word) => Results.Text(word);
    }

    [Fact]
    public void Finds_a_function_with_its_route_and_methods()
    {
        var entry = Assert.Single(FunctionCatalog.Of(typeof(Sample).Assembly));
        Assert.Equal(("Echo", "echo/{word}"), (entry.Name, entry.Trigger.Route));
        Assert.Equal(["get"], entry.Trigger.Methods!);
        Assert.Equal(AuthorizationLevel.Anonymous, entry.Trigger.AuthLevel);
    }

    [Fact]
    public void A_function_without_a_trigger_is_refused_by_name()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("NoTrigger"), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("m").DefineType("Broken", TypeAttributes.Public);
        var method = type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(FunctionAttribute).GetConstructor([typeof(string)])!, ["Lost"]));
        method.GetILGenerator().Emit(OpCodes.Ret);
        type.CreateType();

        var error = Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Of(assembly));
        Assert.Contains("'Lost'", error.Message, StringComparison.Ordinal);
    }
}
