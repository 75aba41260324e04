using Cnn.Graph.Runtime;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Cnn.Graph.Tests.WebGpu;

/// <summary>Tests that need WebGPU: category <c>WebGPU</c>, skipped with the reason where a network cannot run on it. Vulkan in software will do.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class WebGpuAttribute : NUnitAttribute, IApplyToTest
{
    private static readonly Lazy<string?> Missing = new(() => Devices.List().Single(d => d.Device == Device.WebGpu).Reason);

    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, "WebGPU");
        if (test.RunState == RunState.Runnable && Missing.Value is { } reason)
        {
            test.RunState = RunState.Skipped;
            test.Properties.Set(PropertyNames.SkipReason, $"skipped: {reason}");
        }
    }
}
