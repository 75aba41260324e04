using Cnn.Graph.Runtime;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Cnn.Graph.Tests.DirectML;

/// <summary>
/// Tests that need DirectML: category <c>DirectML</c>, skipped with the reason where a network cannot run on its first adapter. They run
/// as they are on Windows, and through <c>tools/directml/test</c> in software on Debian.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class DirectMLAttribute : NUnitAttribute, IApplyToTest
{
    private static readonly Lazy<string?> Missing = new(() => Devices.List().Single(d => d.Device == Device.DirectML()).Reason);

    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, "DirectML");
        if (test.RunState == RunState.Runnable && Missing.Value is { } reason)
        {
            test.RunState = RunState.Skipped;
            test.Properties.Set(PropertyNames.SkipReason, $"skipped: {reason}");
        }
    }
}
