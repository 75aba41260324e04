using Cnn.Graph.Tests.Support;

namespace Cnn.Graph.Tests.DirectML;

/// <summary>
/// Tests that need DirectML's first adapter: category <c>DirectML</c>. They run as they are on Windows, and through
/// <c>tools/directml/test</c> in software on Debian.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class DirectMLAttribute() : NeedsDeviceAttribute("DirectML", Device.DirectML());
